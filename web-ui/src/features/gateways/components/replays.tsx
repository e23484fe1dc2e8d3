import { Button, NumberInput, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { at, refused } from '@/components/schema-form/issues';
import { Confirm } from '@/components/ui/confirm';
import { type Column, DataGrid } from '@/components/ui/data-grid';
import { formatCount } from '@/components/ui/number';
import { Panel } from '@/components/ui/panel';
import { Age } from '@/components/ui/timestamp';

const HOUR_MS = 3_600_000;

/** Only what reads the stream can be run once more, and not what is such a run itself. */
export const canReplay = ({ routeId, lag }: Schemas['RouteStatus']) =>
  lag !== null && lag !== undefined && !routeId.startsWith('replay.');

interface StartReplayProps {
  gatewayId: string;
  route: Schemas['RouteStatus'];
  onClose: () => void;
}

/** Asks what of the past a stage or sink is to be run over once more. */
export function StartReplay({ gatewayId, route, onClose }: StartReplayProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const delivers = route.template === 'sink';
  const [order, setOrder] = useState(() => ({
    from: new Date(Date.now() - HOUR_MS).toISOString().replace(/\.\d+Z$/, 'Z'),
    to: '',
    into: '',
    ratePerS: 5000,
  }));
  const [refusal, setRefusal] = useState<string | null>(null);
  const start = $api.useMutation('post', '/api/v1/gateways/{id}/replays', {
    onSuccess: async (answer) => {
      if (answer.status !== 'OK') {
        setRefusal(answer.error ?? '');
        return;
      }
      await queryClient.invalidateQueries();
      notifications.show({ message: t('replays.started', { routeId: route.routeId }) });
      onClose();
    },
  });
  const issues = refused(start.error);
  const change = (part: Partial<typeof order>) => setOrder((old) => ({ ...old, ...part }));
  return (
    <Confirm
      opened
      title={t('replays.title', { routeId: route.routeId })}
      action={t('replays.start')}
      busy={start.isPending}
      error={start.error}
      disabled={order.from === '' || (!delivers && order.into === '')}
      onConfirm={() => {
        setRefusal(null);
        start.mutate({
          params: { path: { id: gatewayId } },
          body: {
            routeId: route.routeId,
            from: order.from,
            to: order.to || null,
            into: order.into || null,
            ratePerS: order.ratePerS,
          },
        });
      }}
      onClose={onClose}
    >
      <p>{t(delivers ? 'replays.sinkText' : 'replays.stageText')}</p>
      {refusal === null ? null : (
        <p className="note bad" role="alert">
          {refusal}
        </p>
      )}
      <TextInput
        size="xs"
        withAsterisk
        label={t('replays.from')}
        description={t('replays.positionHint')}
        value={order.from}
        error={at(issues, '/from')}
        onChange={({ currentTarget }) => change({ from: currentTarget.value })}
      />
      <TextInput
        size="xs"
        label={t('replays.to')}
        description={t('replays.toHint')}
        value={order.to}
        error={at(issues, '/to')}
        onChange={({ currentTarget }) => change({ to: currentTarget.value })}
      />
      {delivers ? null : (
        <TextInput
          size="xs"
          withAsterisk
          label={t('replays.into')}
          description={t('replays.intoHint', { routeId: route.routeId })}
          value={order.into}
          error={at(issues, '/into')}
          onChange={({ currentTarget }) => change({ into: currentTarget.value })}
        />
      )}
      <NumberInput
        size="xs"
        label={t('replays.rate')}
        min={1}
        max={1_000_000}
        value={order.ratePerS}
        error={at(issues, '/ratePerS')}
        onChange={(value) => change({ ratePerS: Number(value) })}
      />
    </Confirm>
  );
}

/** What is run once more now, and what was. */
export function Replays({ gateway }: { gateway: Schemas['Gateway'] }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const cancel = $api.useMutation('post', '/api/v1/gateways/{id}/replays/{replayId}/cancel', {
    onSuccess: () => queryClient.invalidateQueries(),
  });
  const columns: Column<Schemas['ReplayStatus']>[] = [
    {
      key: 'route',
      header: t('gateways.routeId'),
      cell: ({ routeId, into, detail }) => (
        <>
          <code>{routeId}</code>
          {into ? (
            <div className="muted">
              → <code>{into}</code>
            </div>
          ) : null}
          {detail ? <div className="muted">{detail}</div> : null}
        </>
      ),
    },
    { key: 'state', header: t('common.state'), cell: ({ state }) => t(`replays.state.${state}`) },
    {
      key: 'progress',
      header: t('replays.progress'),
      numeric: true,
      cell: ({ done, total }) =>
        t('replays.doneOfTotal', { done: formatCount(done), total: formatCount(total) }),
    },
    { key: 'since', header: t('replays.startedAt'), cell: ({ startedAt }) => <Age at={startedAt} /> },
    {
      key: 'cancel',
      header: t('common.action'),
      cell: ({ id, routeId, state }) =>
        state === 'RUNNING' ? (
          <Button
            size="compact-xs"
            aria-label={t('replays.cancelRoute', { routeId })}
            loading={cancel.isPending}
            onClick={() => cancel.mutate({ params: { path: { id: gateway.id, replayId: id } } })}
          >
            {t('replays.cancel')}
          </Button>
        ) : null,
    },
  ];
  if (gateway.replays.length === 0) return null;
  return (
    <Panel title={t('replays.list')} meta={t('common.count', { count: gateway.replays.length })}>
      <DataGrid
        label={t('replays.list')}
        columns={columns}
        rows={gateway.replays.toReversed()}
        rowKey={({ id }) => id}
      />
    </Panel>
  );
}
