import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { Confirm } from '@/components/ui/confirm';
import { QueryView } from '@/components/ui/query-view';
import { Diff, Preflight } from './diff';
import { DraftEditor } from './draft-editor';
import { Revisions } from './revisions';

export function DeploymentPage({ id }: { id: string }) {
  const deployment = $api.useQuery(
    'get',
    '/api/v1/deployments/{id}',
    { params: { path: { id } } },
    { refetchOnWindowFocus: false },
  );
  return (
    <QueryView query={deployment}>{(saved) => <Saved key={saved.version} deployment={saved} />}</QueryView>
  );
}

function Saved({ deployment }: { deployment: Schemas['Deployment'] }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [dirty, setDirty] = useState(false);
  const [activating, setActivating] = useState(false);
  const path = { id: deployment.id };
  const gateway = $api.useQuery(
    'get',
    '/api/v1/gateways/{id}',
    { params: { path: { id: deployment.gatewayId } } },
    { refetchInterval: 2000 },
  );
  const preflight = $api.useQuery(
    'post',
    '/api/v1/deployments/{id}/preflight',
    { params: { path } },
    { enabled: !dirty },
  );
  const activate = $api.useMutation('post', '/api/v1/deployments/{id}/activate', {
    onSuccess: async ({ number }) => {
      await queryClient.invalidateQueries();
      setActivating(false);
      notifications.show({ message: t('deployments.activated', { revision: number }) });
    },
  });
  const mine = gateway.data?.desiredDeploymentId === deployment.id ? gateway.data : null;
  const rejected = mine?.rejected ?? null;
  return (
    <div className="page">
      {rejected ? (
        <div className="note bad" role="alert">
          <p className="strong">
            {t('gateways.rejected', { revision: rejected.revision, running: mine?.runningRevision ?? '–' })}
          </p>
          <p>{rejected.reason}</p>
        </div>
      ) : null}
      <DraftEditor
        saved={deployment}
        onSaved={() => {}}
        onDirty={setDirty}
        actions={
          <Button
            variant={dirty ? 'default' : 'filled'}
            disabled={dirty || preflight.data?.ok !== true}
            title={dirty ? t('deployments.saveFirst') : undefined}
            onClick={() => setActivating(true)}
          >
            {t('deployments.activate')}
          </Button>
        }
      />
      <Preflight query={preflight} />
      <Diff deployment={deployment} />
      <Revisions deployment={deployment} gateway={mine} />
      <Confirm
        opened={activating}
        title={t('deployments.activateTitle', { gateway: deployment.gatewayId })}
        action={t('deployments.activate')}
        busy={activate.isPending}
        error={activate.error}
        onConfirm={() =>
          activate.mutate({ params: { path, header: { 'If-Match': `"${deployment.version}"` } } })
        }
        onClose={() => {
          setActivating(false);
          activate.reset();
        }}
      >
        <p>{t('deployments.activateText')}</p>
      </Confirm>
    </div>
  );
}
