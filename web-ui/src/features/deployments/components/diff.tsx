import { Checkbox, NativeSelect } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { Panel } from '@/components/ui/panel';
import { QueryView } from '@/components/ui/query-view';

/** Everything that keeps the draft from running, at once; nothing to see when nothing does. */
export function Preflight({ query }: { query: UseQueryResult<Schemas['Preflight'], unknown> }) {
  const { t } = useTranslation();
  return (
    <QueryView query={query}>
      {({ ok, problems }) =>
        ok ? null : (
          <div className="note bad" role="alert">
            <p className="strong">{t('deployments.notReady', { count: problems.length })}</p>
            <ul className="plain">
              {problems.map(({ pointer, message }) => (
                <li key={pointer + message}>
                  {message} {pointer ? <code className="muted">{pointer}</code> : null}
                </li>
              ))}
            </ul>
          </div>
        )
      }
    </QueryView>
  );
}

const show = (value: unknown) =>
  value === undefined || value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value);

/** What activating would change: by route, then field by field. */
export function Diff({ deployment }: { deployment: Schemas['Deployment'] }) {
  const { t } = useTranslation();
  const [against, setAgainst] = useState('running');
  const [unchanged, setUnchanged] = useState(false);
  const diff = $api.useQuery('get', '/api/v1/deployments/{id}/diff', {
    params: { path: { id: deployment.id }, query: { against } },
  });
  const revisions = Array.from({ length: deployment.latestRevision ?? 0 }, (_, index) =>
    String(index + 1),
  ).reverse();
  const changed = diff.data?.changes.filter(({ kind }) => kind !== 'unchanged') ?? [];
  return (
    <Panel
      title={t('deployments.diff')}
      meta={diff.data ? t('deployments.changes', { count: changed.length }) : null}
      actions={
        <>
          <Checkbox
            size="xs"
            label={t('deployments.showUnchanged')}
            checked={unchanged}
            onChange={({ currentTarget }) => setUnchanged(currentTarget.checked)}
          />
          <NativeSelect
            size="xs"
            aria-label={t('deployments.against')}
            value={against}
            onChange={({ currentTarget }) => setAgainst(currentTarget.value)}
            data={[
              { value: 'running', label: t('deployments.againstRunning') },
              ...revisions.map((revision) => ({
                value: revision,
                label: t('deployments.againstRevision', { revision }),
              })),
            ]}
          />
        </>
      }
    >
      <QueryView query={diff}>
        {({ changes }) => {
          const rows = unchanged ? changes : changed;
          return rows.length === 0 ? (
            <p className="padded muted">{t('deployments.same')}</p>
          ) : (
            <table className="grid" aria-label={t('deployments.diff')}>
              <thead>
                <tr>
                  <th scope="col">{t('gateways.routeId')}</th>
                  <th scope="col">{t('deployments.change')}</th>
                  <th scope="col">{t('deployments.field')}</th>
                  <th scope="col">{t('deployments.before')}</th>
                  <th scope="col">{t('deployments.after')}</th>
                </tr>
              </thead>
              {rows.map((change) => (
                <RouteRows key={change.routeId} change={change} />
              ))}
            </table>
          );
        }}
      </QueryView>
    </Panel>
  );
}

function RouteRows({ change }: { change: Schemas['RouteChange'] }) {
  const { t } = useTranslation();
  const fields = change.kind === 'changed' ? change.fields : [null];
  return (
    <tbody>
      {fields.map((field, index) => (
        <tr key={field?.pointer ?? ''}>
          {index === 0 ? (
            <>
              <th scope="rowgroup" rowSpan={fields.length} className="route-cell">
                <code>{change.routeId}</code>
              </th>
              <td
                rowSpan={fields.length}
                className={change.kind === 'unchanged' ? 'route-cell muted' : 'route-cell strong'}
              >
                {t(`deployments.kind.${change.kind}`)}
              </td>
            </>
          ) : null}
          {field ? (
            <>
              <td>
                <code>{field.pointer}</code>
              </td>
              <td>
                <code className="diff-value diff-before">{show(field.before)}</code>
              </td>
              <td>
                <code className="diff-value strong">{show(field.after)}</code>
              </td>
            </>
          ) : (
            <td colSpan={3} className="muted">
              {change.kind === 'unchanged' ? '' : t('deployments.wholeRoute', { template: change.template })}
            </td>
          )}
        </tr>
      ))}
    </tbody>
  );
}
