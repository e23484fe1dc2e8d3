import type { ReactNode } from 'react';

interface PanelProps {
  title: string;
  meta?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** The page's own panel carries the page's heading. */
  main?: boolean;
  /** Takes the height that is left and scrolls inside. */
  grow?: boolean;
  padded?: boolean;
}

export function Panel({ title, meta, actions, children, main, grow, padded }: PanelProps) {
  const Heading = main ? 'h1' : 'h2';
  return (
    <section className={grow ? 'panel grow' : 'panel'} aria-label={title}>
      <header>
        <Heading>{title}</Heading>
        {meta ? <span className="panel-meta">{meta}</span> : null}
        {actions ? <div className="panel-actions">{actions}</div> : null}
      </header>
      <div className={padded ? 'panel-body padded' : 'panel-body'}>{children}</div>
    </section>
  );
}
