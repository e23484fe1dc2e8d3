import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { type Column, DataGrid } from '@/components/ui/data-grid';
import { formatCount } from '@/components/ui/number';
import { Panel } from '@/components/ui/panel';
import { QueryView } from '@/components/ui/query-view';
import { Timestamp } from '@/components/ui/timestamp';

type Sums = Schemas['LedgerSums'];

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
            </>
          )
        }
      </QueryView>
    </Panel>
  );
}

function Verdict({ summary }: { summary: Schemas['LedgerSummary'] }) {
  const { t } = useTranslation();
  const { missing, unbalanced, gaps, latestGaps } = summary;
  if (unbalanced === 0 && gaps === 0) {
    return <p className="padded muted">{t('ledger.balanced')}</p>;
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
