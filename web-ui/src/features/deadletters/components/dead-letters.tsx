import { Button, Drawer, Group, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import { connection } from '@/api/connection';
import type { Schemas } from '@/api/types';
import { type Column, DataGrid } from '@/components/ui/data-grid';
import { FilterInput } from '@/components/ui/filter-input';
import { formatCount } from '@/components/ui/number';
import { Panel } from '@/components/ui/panel';
import { Empty, QueryView } from '@/components/ui/query-view';
import { formatTime, useTimeZone } from '@/components/ui/time';
import { Timestamp } from '@/components/ui/timestamp';
import { Bulk } from './bulk';
import { LetterDetail } from './letter-detail';
import { type LetterFilter, LetterState, LetterValue, queryOf, useReasonWord } from './words';

type Letter = Schemas['DeadLetter'];

interface DeadLettersProps {
  filter: LetterFilter;
  onFilter: (change: Partial<LetterFilter>) => void;
  /** Id of the letter in the drawer. */
  open: string | null;
  onOpen: (id: string | null) => void;
}

const PAGE = 100;
const states = ['PENDING', 'REPROCESS_FAILED', 'REPROCESSED', 'DISCARDED'] as const;
const topics = ['dlq.telemetry', 'dlq.events', 'dlq.sink'];
const HOURS = [1, 24, 168];

export function DeadLetters({ filter, onFilter, open, onOpen }: DeadLettersProps) {
  const { t } = useTranslation();
  const query = queryOf(filter);
  const counts = $api.useQuery('get', '/api/v1/dlq/counts', { params: { query } }, { refetchInterval: 2000 });
  const letters = $api.useInfiniteQuery(
    'get',
    '/api/v1/dlq',
    { params: { query: { ...query, limit: PAGE } } },
    {
      pageParamName: 'cursor',
      // An undefined one would be sent as 0.
      initialPageParam: null as string | null,
      getNextPageParam: ({ nextCursor }: Schemas['PageDeadLetter']) => nextCursor ?? undefined,
      refetchInterval: 2000,
    },
  );
  const reasonWord = useReasonWord();
  const columns: Column<Letter>[] = [
    { key: 'time', header: t('deadletters.failedAt'), cell: ({ failedAt }) => <Timestamp at={failedAt} /> },
    {
      key: 'asset',
      header: t('deadletters.asset'),
      cell: ({ assetId, parameter }) => (
        <>
          <span className="strong">{assetId}</span> {parameter}
        </>
      ),
    },
    {
      key: 'value',
      wide: true,
      header: t('common.value'),
      numeric: true,
      cell: (letter) => <LetterValue letter={letter} />,
    },
    {
      key: 'reason',
      header: t('deadletters.reason'),
      cell: ({ reasonCode, reason }) => (
        <>
          <span className="strong" title={reasonCode}>
            {reasonWord(reasonCode)}
          </span>
          <div className="muted reason">{reason}</div>
        </>
      ),
    },
    {
      key: 'stage',
      header: t('deadletters.stage'),
      wide: true,
      cell: ({ stage, gatewayId }) => (
        <>
          <code>{stage}</code> <span className="muted nowrap">{gatewayId}</span>
        </>
      ),
    },
    {
      key: 'state',
      header: t('common.state'),
      wide: true,
      cell: (letter) => <LetterState letter={letter} />,
    },
  ];
  const narrowed = Object.entries(query).some(([name, value]) => name !== 'state' && value !== undefined);
  return (
    <div className="page">
      {counts.data && counts.data.fullGateways.length > 0 ? (
        <div className="note warn" role="status">
          {t('deadletters.full', { gateways: counts.data.fullGateways.join(', ') })}
        </div>
      ) : null}
      <Panel
        title={t('nav.deadletters')}
        main
        meta={counts.data ? t('common.count', { count: counts.data.total }) : null}
        actions={<Filters filter={filter} onFilter={onFilter} />}
      >
        {counts.data && counts.data.total > 0 ? (
          <div className="letters-bar">
            <Reasons
              counts={counts.data}
              chosen={filter.reason}
              onChoose={(reason) => onFilter({ reason })}
            />
            <Bulk filter={filter} counts={counts.data} />
          </div>
        ) : null}
        <QueryView query={letters}>
          {({ pages }) => {
            const rows = pages.flatMap(({ items }) => items);
            if (rows.length === 0)
              return narrowed ? (
                <Empty
                  kind="filtered"
                  action={
                    <Button
                      onClick={() => onFilter({ gateway: '', topic: '', reason: '', asset: '', from: '' })}
                    >
                      {t('common.clearFilter')}
                    </Button>
                  }
                >
                  {t('deadletters.filtered')}
                </Empty>
              ) : (
                <Empty
                  kind={filter.state === 'PENDING' ? 'clear' : 'none'}
                  action={
                    filter.state ? (
                      <Button onClick={() => onFilter({ state: null })}>{t('deadletters.showAll')}</Button>
                    ) : null
                  }
                >
                  {t(filter.state === 'PENDING' ? 'deadletters.nonePending' : 'deadletters.none')}
                </Empty>
              );
            return (
              <>
                <DataGrid
                  label={t('nav.deadletters')}
                  columns={columns}
                  rows={rows}
                  rowKey={({ id }) => id}
                  selected={open}
                  onOpen={({ id }) => onOpen(id)}
                />
                {letters.hasNextPage ? (
                  <Group justify="center" p={8}>
                    <Button loading={letters.isFetchingNextPage} onClick={() => void letters.fetchNextPage()}>
                      {t('deadletters.more')}
                    </Button>
                  </Group>
                ) : null}
              </>
            );
          }}
        </QueryView>
      </Panel>
      <Drawer opened={open !== null} onClose={() => onOpen(null)} title={t('deadletters.letter')} size={760}>
        {open ? <LetterDetail id={open} onOpen={onOpen} /> : null}
      </Drawer>
    </div>
  );
}

function Reasons({
  counts,
  chosen,
  onChoose,
}: {
  counts: Schemas['DeadLetterCounts'];
  chosen: string;
  onChoose: (reason: string) => void;
}) {
  const { t } = useTranslation();
  const reasonWord = useReasonWord();
  return (
    <Group gap={6} role="group" aria-label={t('deadletters.byReason')}>
      {counts.reasons.map(({ reasonCode, count }) => (
        <Button
          key={reasonCode}
          title={reasonCode}
          size="compact-xs"
          aria-pressed={chosen === reasonCode}
          variant={chosen === reasonCode ? 'filled' : undefined}
          onClick={() => onChoose(chosen === reasonCode ? '' : reasonCode)}
        >
          {reasonWord(reasonCode)} {formatCount(count)}
        </Button>
      ))}
    </Group>
  );
}

function Filters({ filter, onFilter }: Pick<DeadLettersProps, 'filter' | 'onFilter'>) {
  const { t } = useTranslation();
  const gateways = $api.useQuery('get', '/api/v1/gateways', { params: { query: { limit: 1000 } } });
  const zone = useTimeZone();
  const since = (hours: string) =>
    onFilter({ from: hours ? new Date(connection.now() - Number(hours) * 3_600_000).toISOString() : '' });
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label={t('deadletters.by.state')}
        value={filter.state ?? ''}
        onChange={({ currentTarget }) =>
          onFilter({ state: (currentTarget.value || null) as LetterFilter['state'] })
        }
        data={[
          { value: '', label: t('deadletters.anyState') },
          ...states.map((state) => ({ value: state, label: t(`deadletters.state.${state}`) })),
        ]}
      />
      <NativeSelect
        size="xs"
        aria-label={t('deadletters.by.gateway')}
        value={filter.gateway}
        onChange={({ currentTarget }) => onFilter({ gateway: currentTarget.value })}
        data={[
          { value: '', label: t('deadletters.anyGateway') },
          ...(gateways.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <NativeSelect
        size="xs"
        aria-label={t('deadletters.by.topic')}
        value={filter.topic}
        onChange={({ currentTarget }) => onFilter({ topic: currentTarget.value })}
        data={[
          { value: '', label: t('deadletters.anyTopic') },
          ...topics.map((topic) => ({ value: topic, label: topic })),
        ]}
      />
      <NativeSelect
        size="xs"
        aria-label={t('deadletters.by.from')}
        value={filter.from ? 'chosen' : ''}
        onChange={({ currentTarget }) => since(currentTarget.value)}
        data={[
          { value: '', label: t('deadletters.anyTime') },
          ...(filter.from
            ? [{ value: 'chosen', label: t('deadletters.since', { at: formatTime(filter.from, zone) }) }]
            : []),
          ...HOURS.map((hours) => ({ value: String(hours), label: t('deadletters.lastHours', { hours }) })),
        ]}
      />
      <FilterInput
        value={filter.asset}
        onChange={(asset) => onFilter({ asset })}
        label={t('deadletters.by.asset')}
      />
    </>
  );
}
