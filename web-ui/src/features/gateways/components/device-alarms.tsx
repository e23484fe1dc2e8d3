import { Button, Group, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { Confirm } from '@/components/ui/confirm';
import { type Column, DataGrid } from '@/components/ui/data-grid';
import { Panel } from '@/components/ui/panel';
import { Empty } from '@/components/ui/query-view';
import { State, type Urgency } from '@/components/ui/state';
import { Age } from '@/components/ui/timestamp';

const REFRESH_MS = 5000;
/** After an answer the device's own word is awaited: it comes with the next event, a moment later. */
const HURRIED_MS = 500;

type Standing = Schemas['DeviceAlarm'] & { adapterId: string };
interface Answering {
  alarm: Standing;
  action: Schemas['AlarmAnswer']['action'];
}

const WORDS = {
  ACKNOWLEDGE: 'deviceAlarms.acknowledge',
  CONFIRM: 'deviceAlarms.confirm',
  COMMENT: 'deviceAlarms.comment',
} as const;

/** What stands comes before what is over and waits for an answer only. */
function urgency({ condition }: Standing): Urgency {
  if (condition.active === false) return 'attention';
  return condition.acked === false ? 'failure' : 'warning';
}

/** What the devices behind a gateway warn of now, and where an operator answers them; nothing where no device keeps alarms. */
export function DeviceAlarms({ gatewayId }: { gatewayId: string }) {
  const { t } = useTranslation();
  const [answering, setAnswering] = useState<Answering | null>(null);
  const [hurried, setHurried] = useState(false);
  useEffect(() => {
    if (!hurried) return;
    const timer = setTimeout(() => setHurried(false), REFRESH_MS);
    return () => clearTimeout(timer);
  }, [hurried]);
  const query = $api.useQuery(
    'get',
    '/api/v1/gateways/{id}/device-alarms',
    { params: { path: { id: gatewayId } } },
    { refetchInterval: hurried ? HURRIED_MS : REFRESH_MS },
  );
  const adapters = query.data?.adapters ?? [];
  if (adapters.length === 0) return null;
  const alarms = adapters.flatMap(({ adapterId, alarms: own }) =>
    own.map((alarm): Standing => ({ ...alarm, adapterId })),
  );
  const columns: Column<Standing>[] = [
    {
      key: 'severity',
      header: t('deviceAlarms.severity'),
      numeric: true,
      cell: ({ condition }) => condition.severity,
    },
    {
      key: 'alarm',
      header: t('deviceAlarms.alarm'),
      cell: ({ assetId, eventType, condition }) => (
        <>
          {assetId} · {eventType}
          <div className="muted">{condition.message}</div>
          {condition.comment ? <div className="muted">“{condition.comment}”</div> : null}
        </>
      ),
    },
    {
      key: 'state',
      header: t('common.state'),
      cell: (alarm) => (
        <State
          word={t(`deviceAlarms.states.${alarm.state}`, { defaultValue: alarm.state })}
          urgency={urgency(alarm)}
        />
      ),
    },
    { key: 'since', header: t('gateways.since'), cell: ({ since }) => <Age at={since} /> },
    {
      key: 'action',
      header: t('common.action'),
      cell: (alarm) => (
        <Group gap={4} wrap="nowrap">
          {alarm.condition.acked === false ? (
            <Button
              size="compact-xs"
              aria-label={t('deviceAlarms.acknowledgeOne', { alarm: alarm.eventType })}
              onClick={() => setAnswering({ alarm, action: 'ACKNOWLEDGE' })}
            >
              {t('deviceAlarms.acknowledge')}
            </Button>
          ) : null}
          {alarm.condition.acked === true && alarm.condition.confirmed === false ? (
            <Button
              size="compact-xs"
              aria-label={t('deviceAlarms.confirmOne', { alarm: alarm.eventType })}
              onClick={() => setAnswering({ alarm, action: 'CONFIRM' })}
            >
              {t('deviceAlarms.confirm')}
            </Button>
          ) : null}
          <Button
            size="compact-xs"
            variant="default"
            aria-label={t('deviceAlarms.commentOne', { alarm: alarm.eventType })}
            onClick={() => setAnswering({ alarm, action: 'COMMENT' })}
          >
            {t('deviceAlarms.comment')}
          </Button>
        </Group>
      ),
    },
  ];
  return (
    <Panel title={t('deviceAlarms.title')}>
      {adapters.map(({ adapterId, error }) =>
        error ? (
          <p key={adapterId} className="note bad">
            <b>{adapterId}</b> {error}
          </p>
        ) : null,
      )}
      {alarms.length === 0 ? (
        // of a device that cannot be asked nobody knows
        adapters.some(({ error }) => error) ? null : (
          <Empty kind="clear">{t('deviceAlarms.none')}</Empty>
        )
      ) : (
        <DataGrid
          label={t('deviceAlarms.title')}
          rows={alarms}
          columns={columns}
          rowKey={({ adapterId, condition, eventId }) => `${adapterId} ${condition.conditionId} ${eventId}`}
        />
      )}
      {answering ? (
        <AnswerAlarm
          gatewayId={gatewayId}
          answering={answering}
          onDone={() => {
            setHurried(true);
            void query.refetch();
          }}
          onClose={() => setAnswering(null)}
        />
      ) : null}
    </Panel>
  );
}

interface AnswerAlarmProps {
  gatewayId: string;
  answering: Answering;
  onDone: () => void;
  onClose: () => void;
}

function AnswerAlarm({ gatewayId, answering: { alarm, action }, onDone, onClose }: AnswerAlarmProps) {
  const { t } = useTranslation();
  const [comment, setComment] = useState('');
  const answer = $api.useMutation('post', '/api/v1/gateways/{id}/device-alarms/answer', {
    onSuccess: onClose,
    onSettled: onDone,
  });
  return (
    <Confirm
      opened
      title={t(`${WORDS[action]}One`, { alarm: alarm.eventType })}
      action={t(WORDS[action])}
      disabled={action === 'COMMENT' && comment.trim() === ''}
      busy={answer.isPending}
      error={answer.error}
      onConfirm={() =>
        answer.mutate({
          params: { path: { id: gatewayId } },
          body: {
            adapterId: alarm.adapterId,
            assetId: alarm.assetId,
            eventType: alarm.eventType,
            conditionId: alarm.condition.conditionId,
            eventId: alarm.eventId,
            action,
            comment,
          },
        })
      }
      onClose={onClose}
    >
      <p>
        {alarm.assetId}: {alarm.condition.message}
      </p>
      <TextInput
        data-autofocus
        label={t('deviceAlarms.comment')}
        description={t('deviceAlarms.commentHint')}
        maxLength={500}
        value={comment}
        onChange={({ currentTarget }) => setComment(currentTarget.value)}
      />
    </Confirm>
  );
}
