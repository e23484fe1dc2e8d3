import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { Confirm } from '@/components/ui/confirm';
import { formatCount } from '@/components/ui/number';
import { Timestamp } from '@/components/ui/timestamp';
import { type LetterFilter, queryOf, useReasonWord } from './words';

const actions = ['REPROCESS', 'APPROVE', 'DISCARD'] as const;

/** One decision about all letters that the filter shows and nobody has decided about. */
export function Bulk({ filter, counts }: { filter: LetterFilter; counts: Schemas['DeadLetterCounts'] }) {
  const { t } = useTranslation();
  const reasonWord = useReasonWord();
  const queryClient = useQueryClient();
  // what was counted when the question was asked is what the answer is about
  const [asked, setAsked] = useState<{
    action: (typeof actions)[number];
    count: number;
    asOf: string;
  } | null>(null);
  const decide = $api.useMutation('post', '/api/v1/dlq/bulk', {
    onSuccess: async ({ count }) => {
      notifications.show({ message: t('deadletters.bulkDone', { count }) });
      setAsked(null);
      await queryClient.invalidateQueries();
    },
  });
  const countOf = (action: (typeof actions)[number]) =>
    action === 'APPROVE' ? counts.approvable : counts.open;
  const narrowed = Object.entries(queryOf(filter)).filter(([, value]) => value !== undefined);
  return (
    <Group gap={8}>
      {actions.map((action) => (
        <Button
          key={action}
          disabled={countOf(action) === 0}
          onClick={() => setAsked({ action, count: countOf(action), asOf: counts.asOf })}
        >
          {t(`deadletters.all.${action}`, { shown: formatCount(countOf(action)) })}
        </Button>
      ))}
      <Confirm
        opened={asked !== null}
        title={
          asked ? t(`deadletters.allTitle.${asked.action}`, { count: asked.count }) : t('nav.deadletters')
        }
        action={asked ? t(`deadletters.action.${asked.action}`) : ''}
        busy={decide.isPending}
        error={decide.error}
        onConfirm={() =>
          asked &&
          decide.mutate({
            body: { action: asked.action, asOf: asked.asOf, filter: nulled(filter) },
          })
        }
        onClose={() => {
          setAsked(null);
          decide.reset();
        }}
      >
        {asked ? <p>{t(`deadletters.explain.${asked.action}`)}</p> : null}
        {narrowed.length > 0 ? (
          <dl className="facts">
            {narrowed.map(([name, value]) => (
              <div key={name} style={{ display: 'contents' }}>
                <dt>{t(`deadletters.by.${name as 'state'}`)}</dt>
                <dd>
                  {name === 'state' ? (
                    t(`deadletters.state.${value as 'PENDING'}`)
                  ) : name === 'from' ? (
                    <Timestamp at={value} />
                  ) : name === 'reason' ? (
                    reasonWord(String(value))
                  ) : (
                    value
                  )}
                </dd>
              </div>
            ))}
          </dl>
        ) : (
          <p className="strong">{t('deadletters.noFilter')}</p>
        )}
      </Confirm>
    </Group>
  );
}

const nulled = (filter: LetterFilter): Schemas['DeadLetterFilter'] => {
  const query = queryOf(filter);
  return {
    state: query.state ?? null,
    gateway: query.gateway ?? null,
    topic: query.topic ?? null,
    stage: null,
    reason: query.reason ?? null,
    asset: query.asset ?? null,
    from: query.from ?? null,
    to: null,
  };
};
