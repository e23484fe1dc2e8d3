/** How much an abnormal state asks for attention. Normal has no mark and no colour. */
export type Urgency = 'normal' | 'attention' | 'warning' | 'failure';

const shapes: Record<Exclude<Urgency, 'normal'>, { path: string; fill: string }> = {
  failure: { path: 'M5 1h6l4 4v6l-4 4H5l-4-4V5z', fill: 'var(--sf-p1)' },
  warning: { path: 'M8 1.5 15.2 14.5H.8z', fill: 'var(--sf-p2)' },
  attention: { path: 'M8 .8 15.2 8 8 15.2.8 8z', fill: 'var(--sf-p3)' },
};

/** A state is always a word; an abnormal one has a shape as well, so that colour never stands alone. */
export function State({ word, urgency }: { word: string; urgency: Urgency }) {
  if (urgency === 'normal') return <span className="state">{word}</span>;
  const { path, fill } = shapes[urgency];
  return (
    <span className="state abnormal">
      <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">
        <path d={path} fill={fill} stroke="var(--sf-edge)" strokeWidth="1.4" />
      </svg>
      {word}
    </span>
  );
}
