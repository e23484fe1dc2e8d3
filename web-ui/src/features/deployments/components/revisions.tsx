import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { Confirm } from '@/components/ui/confirm';
import { type Column, DataGrid } from '@/components/ui/data-grid';
import { Panel } from '@/components/ui/panel';
import { QueryView } from '@/components/ui/query-view';
import { State } from '@/components/ui/state';
import { Timestamp } from '@/components/ui/timestamp';

interface RevisionsProps {
  deployment: Schemas['Deployment'];
  /** The gateway, while it is to run this deployment. */
  gateway: Schemas['Gateway'] | null;
}

export function Revisions({ deployment, gateway }: RevisionsProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [target, setTarget] = useState<number | null>(null);
  const revisions = $api.useQuery('get', '/api/v1/deployments/{id}/revisions', {
    params: { path: { id: deployment.id } },
  });
  const rollBack = $api.useMutation('post', '/api/v1/deployments/{id}/revisions/{number}/activate', {
    onSuccess: async ({ number }) => {
      await queryClient.invalidateQueries();
      setTarget(null);
      notifications.show({ message: t('deployments.activated', { revision: number }) });
    },
  });
  const columns: Column<Schemas['Revision']>[] = [
    { key: 'number', header: t('gateways.revision'), cell: ({ number }) => number },
    {
      key: 'state',
      header: t('common.state'),
      cell: (revision) => <RevisionState revision={revision} gateway={gateway} />,
    },
    {
      key: 'created',
      header: t('deployments.created'),
      cell: ({ createdAt }) => <Timestamp at={createdAt} />,
    },
    { key: 'by', header: t('deployments.createdBy'), cell: ({ createdBy }) => createdBy },
    {
      key: 'activated',
      header: t('deployments.lastActivated'),
      cell: ({ lastActivatedAt }) => <Timestamp at={lastActivatedAt} />,
    },
    {
      key: 'hash',
      header: t('deployments.hash'),
      cell: ({ hash }) => <code title={hash}>{hash.replace('sha256:', '').slice(0, 12)}</code>,
    },
    {
      key: 'action',
      header: t('common.action'),
      cell: ({ number, active }) =>
        active ? null : (
          <Button
            size="compact-xs"
            aria-label={t('deployments.rollBackTo', { revision: number })}
            onClick={() => setTarget(number)}
          >
            {t('deployments.rollBack')}
          </Button>
        ),
    },
  ];
  return (
    <Panel title={t('deployments.revisions')}>
      <QueryView query={revisions}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="padded muted">{t('deployments.noRevisions')}</p>
          ) : (
            <DataGrid
              label={t('deployments.revisions')}
              columns={columns}
              rows={items}
              rowKey={({ number }) => String(number)}
            />
          )
        }
      </QueryView>
      <Confirm
        opened={target !== null}
        title={t('deployments.rollBackTo', { revision: target ?? '' })}
        action={t('deployments.rollBack')}
        busy={rollBack.isPending}
        error={rollBack.error}
        onConfirm={() =>
          target !== null && rollBack.mutate({ params: { path: { id: deployment.id, number: target } } })
        }
        onClose={() => {
          setTarget(null);
          rollBack.reset();
        }}
      >
        <p>{t('deployments.rollBackText', { gateway: deployment.gatewayId })}</p>
      </Confirm>
    </Panel>
  );
}

function RevisionState({
  revision,
  gateway,
}: {
  revision: Schemas['Revision'];
  gateway: RevisionsProps['gateway'];
}) {
  const { t } = useTranslation();
  if (gateway?.rejected?.hash === revision.hash)
    return (
      <>
        <State word={t('deployments.state.rejected')} urgency="failure" />
        <div className="muted">{gateway.rejected.reason}</div>
      </>
    );
  const running = gateway?.runningRevision === revision.number;
  if (running) return <span className="strong">{t('deployments.state.running')}</span>;
  if (revision.active) return <State word={t('deployments.state.pending')} urgency="attention" />;
  return <span className="muted">{t('deployments.state.past')}</span>;
}
