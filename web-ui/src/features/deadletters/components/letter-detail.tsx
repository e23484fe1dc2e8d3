import { Button, Group, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { Confirm } from '@/components/ui/confirm';
import { formatCount, formatUnit } from '@/components/ui/number';
import { Panel } from '@/components/ui/panel';
import { QueryView } from '@/components/ui/query-view';
import { Timestamp } from '@/components/ui/timestamp';
import { LetterState, LetterValue, useReasonWord } from './words';

type Detail = Schemas['DeadLetterDetail'];

/** One letter in full: why it was refused, what it says, what it is byte for byte, and what can be done. */
export function LetterDetail({ id, onOpen }: { id: string; onOpen: (id: string) => void }) {
  const detail = $api.useQuery(
    'get',
    '/api/v1/dlq/{id}',
    { params: { path: { id } } },
    { refetchInterval: 2000 },
  );
  return (
    <QueryView query={detail}>
      {(found) => (
        <Stack gap={12}>
          <Why detail={found} onOpen={onOpen} />
          {found.actions.length > 0 ? <Decide key={id} detail={found} /> : null}
          <Content detail={found} />
          <Bytes payload={found.payload} />
        </Stack>
      )}
    </QueryView>
  );
}

function Why({
  detail: { letter, follows, followedBy },
  onOpen,
}: {
  detail: Detail;
  onOpen: (id: string) => void;
}) {
  const { t } = useTranslation();
  const reasonWord = useReasonWord();
  const { decision } = letter;
  return (
    <>
      <div className="note warn">
        <p className="strong">
          {reasonWord(letter.reasonCode)} <code className="muted">{letter.reasonCode}</code>
        </p>
        <p>{letter.reason}</p>
      </div>
      <dl className="facts">
        <dt>{t('common.state')}</dt>
        <dd>
          <LetterState letter={letter} />
          {letter.stateReason ? <p>{letter.stateReason}</p> : null}
        </dd>
        {decision ? (
          <>
            <dt>{t('deadletters.decision')}</dt>
            <dd>
              {t('deadletters.decided', {
                action: t(`deadletters.action.${decision.action}`),
                by: decision.by,
              })}{' '}
              <Timestamp at={decision.at} />
            </dd>
          </>
        ) : null}
        <dt>{t('deadletters.asset')}</dt>
        <dd>
          {letter.assetId} {letter.parameter}
        </dd>
        <dt>{t('common.value')}</dt>
        <dd>
          <LetterValue letter={letter} />
        </dd>
        <dt>{t('deadletters.stage')}</dt>
        <dd>
          <code>{letter.stage}</code> · {letter.gatewayId}
        </dd>
        <dt>{t('deadletters.failedAt')}</dt>
        <dd>
          <Timestamp at={letter.failedAt} />
        </dd>
        <dt>{t('deadletters.message')}</dt>
        <dd>
          <code>{letter.messageId}</code>
        </dd>
        <dt>{t('deadletters.attempts')}</dt>
        <dd>{letter.attempts}</dd>
        {follows ? (
          <>
            <dt>{t('deadletters.before')}</dt>
            <dd>
              <Button size="compact-xs" onClick={() => onOpen(follows)}>
                {t('deadletters.openBefore')}
              </Button>
            </dd>
          </>
        ) : null}
        {followedBy ? (
          <>
            <dt>{t('deadletters.after')}</dt>
            <dd>
              <Button size="compact-xs" onClick={() => onOpen(followedBy)}>
                {t('deadletters.openAfter')}
              </Button>
            </dd>
          </>
        ) : null}
      </dl>
    </>
  );
}

/** A text typed by a person as the record's own type: a number stays a number. */
function valueOf(text: string, before: unknown): unknown {
  if (typeof before === 'string') return text;
  const trimmed = text.trim();
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true';
  const number = Number(trimmed);
  return trimmed !== '' && Number.isFinite(number) ? number : text;
}

function Decide({ detail: { letter, actions } }: { detail: Detail }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState<Schemas['LetterAction'] | null>(null);
  const before = letter.value === null ? '' : String(letter.value);
  const [edited, setEdited] = useState(before);
  const unit = formatUnit(letter.unit);
  const params = { path: { id: letter.id } };
  const done = async () => {
    notifications.show({ message: t('deadletters.sent') });
    setAsked(null);
    await queryClient.invalidateQueries();
  };
  const approve = $api.useMutation('post', '/api/v1/dlq/{id}/approve', { onSuccess: done });
  const discard = $api.useMutation('post', '/api/v1/dlq/{id}/discard', { onSuccess: done });
  const reprocess = $api.useMutation('post', '/api/v1/dlq/{id}/reprocess', { onSuccess: done });
  const decide = {
    APPROVE: () => approve.mutate({ params, body: { value: null } }),
    EDIT: () => approve.mutate({ params, body: { value: valueOf(edited, letter.value) } }),
    DISCARD: () => discard.mutate({ params }),
    REPROCESS: () => reprocess.mutate({ params }),
  };
  const mutations = [approve, discard, reprocess];
  return (
    <Group gap={8}>
      {actions.map((action) => (
        <Button
          key={action}
          variant={action === 'APPROVE' ? 'filled' : undefined}
          onClick={() => setAsked(action)}
        >
          {t(`deadletters.action.${action}`)}
        </Button>
      ))}
      <Confirm
        opened={asked !== null}
        title={t(`deadletters.title.${asked ?? 'APPROVE'}`)}
        action={t(`deadletters.action.${asked ?? 'APPROVE'}`)}
        busy={mutations.some(({ isPending }) => isPending)}
        error={mutations.find(({ error }) => error)?.error ?? null}
        disabled={asked === 'EDIT' && ['', before].includes(edited.trim())}
        onConfirm={() => asked && decide[asked]()}
        onClose={() => {
          setAsked(null);
          mutations.forEach(({ reset }) => reset());
        }}
      >
        {asked ? <p>{t(`deadletters.explain.${asked}`)}</p> : null}
        {asked === 'EDIT' ? (
          <TextInput
            data-autofocus
            label={`${t('deadletters.newValue')}${unit ? ` (${unit})` : ''}`}
            value={edited}
            onChange={({ currentTarget }) => setEdited(currentTarget.value)}
          />
        ) : null}
      </Confirm>
    </Group>
  );
}

function Content({ detail: { record } }: { detail: Detail }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('deadletters.record')} padded>
      {record ? (
        <pre className="record">{JSON.stringify(record, null, 2)}</pre>
      ) : (
        <p className="muted">{t('deadletters.unreadable')}</p>
      )}
    </Panel>
  );
}

function Bytes({ payload }: { payload: Detail['payload'] }) {
  const { t } = useTranslation();
  const [base64, setBase64] = useState(false);
  return (
    <Panel
      title={t('deadletters.bytes')}
      meta={t(payload.complete ? 'deadletters.length' : 'deadletters.lengthPart', {
        shown: formatCount(payload.bytes),
      })}
      actions={
        <Button onClick={() => setBase64(!base64)}>
          {t(base64 ? 'deadletters.asHex' : 'deadletters.asBase64')}
        </Button>
      }
      padded
    >
      <code className="bytes">{base64 ? payload.base64 : payload.hex}</code>
    </Panel>
  );
}
