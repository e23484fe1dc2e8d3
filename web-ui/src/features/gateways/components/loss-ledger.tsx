import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { type Column, DataGrid } from '@/components/ui/data-grid';
import { formatCount } from '@/components/ui/number';
import { Panel } from '@/components/ui/panel';
import { QueryView } from '@/components/ui/query-view';
import { Timestamp } from '@/components/ui/timestamp';
import type en from '@/i18n/en.json';

type Sums = Schemas['LedgerSums'];
type SinkDelivery = Schemas['SinkDelivery'];
type SourceLoss = Schemas['SourceLoss'];

const HOURS = 24;

/** What became of a gateway's readings: in a sound plant nothing is missing and no sequence has a gap. */
export function LossLedger({ gatewayId }: { gatewayId: string }) {
  const { t } = useTranslation();
  const ledger = $api.useQuery(
    'get',
    '/api/v1/gateways/{id}/ledger',
    { params: { path: { id: gatewayId }, query: { hours: HOURS } } },
    { refetchInterval: 15_000 },
  );
  const columns: Column<Sums>[] = [
    {
      key: 'adapter',
      header: t('ledger.adapter'),
      cell: ({ adapterId }) => adapterId ?? <span className="muted">{t('ledger.unreadable')}</span>,
    },
    { key: 'read', header: t('ledger.read'), numeric: true, cell: ({ read }) => formatCount(read) },
    {
      key: 'returned',
      header: t('ledger.returned'),
      numeric: true,
      cell: ({ approved, reprocessed }) => formatCount(approved + reprocessed),
    },
    {
      key: 'clean',
      header: t('ledger.clean'),
      numeric: true,
      cell: ({ clean, synthetic }) => formatCount(clean - synthetic),
    },
    { key: 'dead', header: t('ledger.dead'), numeric: true, cell: ({ dead }) => formatCount(dead) },
    {
      key: 'dropped',
      header: t('ledger.dropped'),
      numeric: true,
      cell: ({ duplicateDropped }) => formatCount(duplicateDropped),
    },
    { key: 'late', header: t('ledger.late'), numeric: true, cell: ({ late }) => formatCount(late) },
    { key: 'lost', header: t('ledger.lost'), numeric: true, cell: ({ lost }) => formatCount(lost) },
    {
      key: 'polls',
      header: t('ledger.polls'),
      numeric: true,
      cell: ({ failedPolls, skippedPolls }) => formatCount(failedPolls + skippedPolls),
    },
  ];
  const lossColumns: Column<SourceLoss>[] = [
    { key: 'adapter', header: t('ledger.adapter'), cell: ({ adapterId }) => adapterId },
    { key: 'what', header: t('ledger.loss.what'), cell: (loss) => <LossText loss={loss} /> },
    { key: 'latest', header: t('ledger.loss.latest'), cell: ({ latest }) => <Timestamp at={latest} /> },
  ];
  const sinkColumns: Column<SinkDelivery>[] = [
    { key: 'sink', header: t('ledger.sink'), cell: ({ sink }) => sink },
    { key: 'topic', header: t('ledger.topic'), cell: ({ topic }) => topic },
    {
      key: 'delivered',
      header: t('ledger.delivered'),
      numeric: true,
      cell: ({ delivered }) => formatCount(delivered),
    },
  ];
  return (
    <Panel title={t('ledger.title')} meta={t('ledger.lastHours', { hours: HOURS })}>
      <QueryView query={ledger}>
        {(summary) =>
          summary.adapters.length === 0 ? (
            <p className="padded muted">{t('ledger.none')}</p>
          ) : (
            <>
              <Verdict summary={summary} />
              <DataGrid
                label={t('ledger.title')}
                columns={columns}
                rows={summary.adapters}
                rowKey={({ adapterId }) => adapterId ?? ''}
              />
              {summary.losses.length > 0 ? (
                <DataGrid
                  label={t('ledger.loss.title')}
                  columns={lossColumns}
                  rows={summary.losses}
                  rowKey={({ adapterId, reason }) => `${adapterId}/${reason}`}
                />
              ) : null}
              {summary.sinks.length > 0 ? (
                <DataGrid
                  label={t('ledger.sinks')}
                  columns={sinkColumns}
                  rows={summary.sinks}
                  rowKey={({ sink, topic }) => `${sink}/${topic}`}
                />
              ) : null}
            </>
          )
        }
      </QueryView>
    </Panel>
  );
}

type Counted<Key> = Key extends `${infer Reason}_other` ? Reason : never;
type Reason = Counted<keyof typeof en.ledger.loss.reasons>;

/** What a source did not bring in an operator's words; a reason that only a newer gateway knows stands as it is. */
function LossText({ loss: { reason, count } }: { loss: SourceLoss }) {
  const { t, i18n } = useTranslation();
  const n = formatCount(count);
  return i18n.exists(`ledger.loss.reasons.${reason}`, { count })
    ? t(`ledger.loss.reasons.${reason as Reason}`, { count, n })
    : t('ledger.loss.unknown', { reason, n });
}

function Verdict({ summary }: { summary: Schemas['LedgerSummary'] }) {
  const { t } = useTranslation();
  const { missing, unbalanced, gaps, latestGaps } = summary;
  if (unbalanced === 0 && gaps === 0) {
    const counting = summary.adapters.some((sums) => sums.missing !== 0);
    return (
      <p className="padded muted">
        {t('ledger.balanced')} {counting ? t('ledger.counting') : null}
      </p>
    );
  }
  return (
    <div className="note bad">
      {unbalanced > 0 ? (
        <p className="strong">{t('ledger.unbalanced', { count: unbalanced, missing })}</p>
      ) : null}
      {gaps > 0 ? <p className="strong">{t('ledger.gaps', { count: gaps })}</p> : null}
      {latestGaps.map(({ adapterId, epoch, assetId, first, last, minute }) => (
        <p key={`${adapterId}/${epoch}/${assetId}/${first}`}>
          <Timestamp at={minute} /> {t('ledger.gap', { adapterId, epoch, assetId, first, last })}
        </p>
      ))}
    </div>
  );
}
