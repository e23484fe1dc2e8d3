import { Button, Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toProblem } from '@/api/problem';

/** Nothing for 300 ms (a fast answer must not flicker), then the skeleton. */
export function Loading() {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 300);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <div className="padded" role="status" aria-label={t('common.loading')}>
      {[90, 70, 80, 60].map((width) => (
        <Skeleton key={width} height={14} width={`${width}%`} mb={10} />
      ))}
    </div>
  );
}

/** A failed call: what, why, the id to quote, and another try. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const problem = toProblem(error);
  return (
    <div className="note bad" role="alert">
      <p className="strong">{problem.status === null ? t('common.noAnswer') : problem.title}</p>
      {problem.detail ? <p>{problem.detail}</p> : null}
      {problem.errors
        .filter(({ message }) => message !== problem.detail)
        .map(({ pointer, message }) => (
          <p key={pointer + message}>{message}</p>
        ))}
      {problem.requestId ? (
        <p className="muted">
          {t('common.requestId')} <code>{problem.requestId}</code>
        </p>
      ) : null}
      {onRetry ? (
        <Button mt={8} onClick={onRetry}>
          {t('common.retry')}
        </Button>
      ) : null}
    </div>
  );
}

/** Says which kind of nothing this is, with one way on. */
export function Empty({
  kind,
  children,
  action,
}: {
  kind: 'none' | 'filtered' | 'permission' | 'missing' | 'clear';
  children: ReactNode;
  action?: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <div className="empty">
      <h2>{t(`empty.${kind}`)}</h2>
      <p className="muted">{children}</p>
      {action}
    </div>
  );
}

interface QueryViewProps<T> {
  query: UseQueryResult<T, unknown>;
  children: (data: T) => ReactNode;
}

/** Data once there is some; a later failure keeps the old data on screen under its error, unless it says that there is none any more. */
export function QueryView<T>({ query, children }: QueryViewProps<T>) {
  const { t } = useTranslation();
  if (query.isError) {
    const { status, detail } = toProblem(query.error);
    if (status === 403) return <Empty kind="permission">{t('empty.permissionHint')}</Empty>;
    if (status === 404) return <Empty kind="missing">{detail}</Empty>;
  }
  return (
    <>
      {query.isError ? (
        <div className="padded">
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        </div>
      ) : null}
      {query.data !== undefined ? children(query.data) : query.isError ? null : <Loading />}
    </>
  );
}
