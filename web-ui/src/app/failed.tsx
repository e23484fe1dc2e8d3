import { Button } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Panel } from '@/components/ui/panel';
import { Empty, Failure } from '@/components/ui/query-view';

/** Nothing can be shown: the start could not be read, or a page broke. */
export function Failed({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  return (
    <main className="front">
      <Panel title={t('app.name')} main padded>
        <Failure
          error={error}
          onRetry={() => {
            reset();
            void router.invalidate();
          }}
        />
      </Panel>
    </main>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  const router = useRouter();
  return (
    <main className="front">
      <Panel title={t('app.name')} main>
        <Empty
          kind="missing"
          action={
            <Button onClick={() => void router.navigate({ to: '/overview' })}>{t('nav.overview')}</Button>
          }
        >
          {t('app.notFound', { path: router.state.location.pathname })}
        </Empty>
      </Panel>
    </main>
  );
}
