import { Button, Group, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { Confirm } from '@/components/ui/confirm';
import { type Column, DataGrid } from '@/components/ui/data-grid';
import { GatewayState, RouteState } from '@/components/ui/health';
import { formatCount, formatRate } from '@/components/ui/number';
import { Panel } from '@/components/ui/panel';
import { Age, Timestamp } from '@/components/ui/timestamp';
import { ApproveGateway } from './approve-gateway';
import { LossLedger } from './loss-ledger';
import { canReplay, Replays, StartReplay } from './replays';

const DeviceAlarms = lazy(async () => ({ default: (await import('./device-alarms')).DeviceAlarms }));
const DeviceCertificates = lazy(async () => ({
  default: (await import('./device-certificates')).DeviceCertificates,
}));

export function GatewayDetail({ gateway, onGone }: { gateway: Schemas['Gateway']; onGone: () => void }) {
  const { t } = useTranslation();
  const { rejected } = gateway;
  return (
    <Stack gap={12}>
      {gateway.status === 'PENDING' ? (
        <Panel title={t('gateways.approveTitle')} padded>
          <ApproveGateway gateway={gateway} />
        </Panel>
      ) : null}
      {rejected ? (
        <div className="note bad">
          <p className="strong">
            {t('gateways.rejected', { revision: rejected.revision, running: gateway.runningRevision ?? '–' })}
          </p>
          <p>{rejected.reason}</p>
        </div>
      ) : null}
      {gateway.status === 'PENDING' ? null : <Facts gateway={gateway} />}
      {gateway.status === 'APPROVED' ? (
        <>
          <Suspense fallback={null}>
            <DeviceAlarms gatewayId={gateway.id} />
          </Suspense>
          <Routes gateway={gateway} />
          <Suspense fallback={null}>
            <DeviceCertificates gatewayId={gateway.id} />
          </Suspense>
        </>
      ) : null}
      {gateway.status === 'APPROVED' ? <LossLedger gatewayId={gateway.id} /> : null}
      {gateway.status === 'APPROVED' ? <Replays gateway={gateway} /> : null}
      <Farewell gateway={gateway} onGone={onGone} />
    </Stack>
  );
}

function Facts({ gateway }: { gateway: Schemas['Gateway'] }) {
  const { t } = useTranslation();
  return (
    <dl className="facts">
      <dt>{t('common.state')}</dt>
      <dd>
        <GatewayState gateway={gateway} />
      </dd>
      <dt>{t('gateways.revisions')}</dt>
      <dd>
        {t('gateways.runningDesired', {
          running: gateway.runningRevision ?? '–',
          desired: gateway.desiredRevision ?? '–',
        })}{' '}
        {gateway.desiredDeploymentId ? (
          <Link to="/deployments/$id" params={{ id: gateway.desiredDeploymentId }}>
            {gateway.desiredDeploymentId}
          </Link>
        ) : null}
      </dd>
      <dt>{t('gateways.stream')}</dt>
      <dd>
        {gateway.stream ? (
          <>
            {gateway.stream.up ? t('gateways.streamUp') : <b>{t('gateways.streamDown')}</b>}{' '}
            <code>{gateway.stream.brokers}</code>
          </>
        ) : (
          <span className="muted">{t('common.unknown')}</span>
        )}
      </dd>
      <dt>{t('gateways.heartbeat')}</dt>
      <dd>
        <Age at={gateway.lastHeartbeatAt} />
      </dd>
      <dt>{t('gateways.host')}</dt>
      <dd>
        {gateway.host} · {gateway.hardware}
      </dd>
      <dt>{t('gateways.version')}</dt>
      <dd>{gateway.version}</dd>
      <dt>{t('gateways.fingerprint')}</dt>
      <dd>
        <code>{gateway.fingerprint}</code>
      </dd>
      <dt>{t('gateways.approvedAt')}</dt>
      <dd>
        <Timestamp at={gateway.approvedAt} />{' '}
        {gateway.approvedBy ? t('gateways.approvedBy', { user: gateway.approvedBy }) : null}
      </dd>
    </dl>
  );
}

function Routes({ gateway }: { gateway: Schemas['Gateway'] }) {
  const { t } = useTranslation();
  const [restarting, setRestarting] = useState<string | null>(null);
  const [replaying, setReplaying] = useState<Schemas['RouteStatus'] | null>(null);
  const restart = $api.useMutation('post', '/api/v1/gateways/{id}/routes/{routeId}/restart', {
    onSuccess: (answer, { params }) => {
      setRestarting(null);
      const routeId = params.path.routeId;
      notifications.show(
        answer.status === 'OK'
          ? { message: t('gateways.restarted', { routeId }) }
          : {
              title: t('gateways.restartFailed', { routeId }),
              message: answer.error ?? '',
              autoClose: false,
            },
      );
    },
  });
  const columns: Column<Schemas['RouteStatus']>[] = [
    {
      key: 'route',
      header: t('gateways.routeId'),
      cell: ({ routeId, detail }) => (
        <>
          <code>{routeId}</code>
          {detail ? <div className="muted">{detail}</div> : null}
        </>
      ),
    },
    { key: 'state', header: t('common.state'), cell: ({ state }) => <RouteState state={state} /> },
    { key: 'since', wide: true, header: t('gateways.since'), cell: ({ since }) => <Age at={since} /> },
    { key: 'in', wide: true, header: t('flow.in'), numeric: true, cell: ({ inPerS }) => formatRate(inPerS) },
    {
      key: 'out',
      wide: true,
      header: t('flow.out'),
      numeric: true,
      cell: ({ outPerS }) => formatRate(outPerS),
    },
    { key: 'lag', wide: true, header: t('flow.lag'), numeric: true, cell: ({ lag }) => formatCount(lag) },
    {
      key: 'restarts',
      wide: true,
      header: t('gateways.restarts'),
      numeric: true,
      cell: ({ restarts }) => restarts,
    },
    {
      key: 'restart',
      header: t('common.action'),
      cell: (route) => (
        <Group gap={4} wrap="nowrap">
          <Button
            size="compact-xs"
            aria-label={t('gateways.restartRoute', { routeId: route.routeId })}
            onClick={() => setRestarting(route.routeId)}
          >
            {t('gateways.restart')}
          </Button>
          {canReplay(route) ? (
            <Button
              size="compact-xs"
              aria-label={t('replays.title', { routeId: route.routeId })}
              onClick={() => setReplaying(route)}
            >
              {t('replays.action')}
            </Button>
          ) : null}
        </Group>
      ),
    },
  ];
  return (
    <Panel title={t('gateways.routes')} meta={t('common.count', { count: gateway.routes.length })}>
      {gateway.routes.length === 0 ? (
        <p className="padded muted">{t('gateways.noRoutes')}</p>
      ) : (
        <DataGrid
          label={t('gateways.routes')}
          columns={columns}
          rows={gateway.routes}
          rowKey={({ routeId }) => routeId}
        />
      )}
      <Confirm
        opened={restarting !== null}
        title={t('gateways.restartRoute', { routeId: restarting ?? '' })}
        action={t('gateways.restart')}
        busy={restart.isPending}
        error={restart.error}
        onConfirm={() =>
          restarting && restart.mutate({ params: { path: { id: gateway.id, routeId: restarting } } })
        }
        onClose={() => {
          setRestarting(null);
          restart.reset();
        }}
      >
        <p>{t('gateways.restartText')}</p>
      </Confirm>
      {replaying ? (
        <StartReplay gatewayId={gateway.id} route={replaying} onClose={() => setReplaying(null)} />
      ) : null}
    </Panel>
  );
}

/** Revoking refuses a gateway for good; only then can it be forgotten. */
function Farewell({ gateway, onGone }: { gateway: Schemas['Gateway']; onGone: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState(false);
  const revokes = gateway.status === 'APPROVED';
  const done = async () => {
    await queryClient.invalidateQueries();
    setAsking(false);
    if (!revokes) onGone();
  };
  const revoke = $api.useMutation('post', '/api/v1/gateways/{id}/revoke', { onSuccess: done });
  const forget = $api.useMutation('delete', '/api/v1/gateways/{id}', { onSuccess: done });
  const act = revokes ? revoke : forget;
  const word = revokes ? 'revoke' : 'forget';
  return (
    <Group>
      <Button onClick={() => setAsking(true)}>{t(`gateways.${word}`)}</Button>
      <Confirm
        opened={asking}
        title={t(`gateways.${word}Title`, { name: gateway.name })}
        action={t(`gateways.${word}`)}
        busy={act.isPending}
        error={act.error}
        onConfirm={() => act.mutate({ params: { path: { id: gateway.id } } })}
        onClose={() => setAsking(false)}
      >
        <p>{t(`gateways.${word}Text`)}</p>
      </Confirm>
    </Group>
  );
}
