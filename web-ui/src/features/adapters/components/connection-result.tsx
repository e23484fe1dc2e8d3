import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/types';
import { type Column, DataGrid } from '@/components/ui/data-grid';
import { formatUnit, formatValue } from '@/components/ui/number';
import { Panel } from '@/components/ui/panel';

type Result = Schemas['ConnectionResult'];
type Read = Result['points'][number];

/** What the gateway read when it was asked to try: the operator sees real values before anything is saved. */
export function ConnectionResult({ answer }: { answer: Schemas['CommandAnswer'] }) {
  const { t } = useTranslation();
  const { connectMs, points } = (answer.result as unknown as Result | null) ?? { connectMs: 0, points: [] };
  const good = points.filter(({ quality }) => quality !== 'BAD').length;
  if (answer.status === 'FAILED' && good === 0)
    return (
      <Panel title={t('adapters.result')} padded>
        <div className="note bad" role="alert">
          <p className="strong">{t('adapters.notConnected')}</p>
          <p>{answer.error}</p>
        </div>
      </Panel>
    );
  const columns: Column<Read>[] = [
    {
      key: 'name',
      header: t('adapters.point'),
      cell: ({ name, place }) => (
        <>
          <code>{name}</code>
          {place ? <div className="muted">{place}</div> : null}
        </>
      ),
    },
    {
      key: 'value',
      header: t('common.value'),
      numeric: true,
      cell: ({ value, unit, quality }) => (
        <span className={quality === 'BAD' ? 'value hatched' : 'value'}>
          <b>{value === null || value === undefined ? '–' : formatValue(value)}</b> {formatUnit(unit)}
        </span>
      ),
    },
    {
      key: 'quality',
      header: t('common.quality'),
      cell: ({ quality, reason }) => (
        <>
          <span className={quality === 'GOOD' ? undefined : 'strong'}>{t(`quality.${quality}`)}</span>
          {reason ? <div className="muted">{reason}</div> : null}
        </>
      ),
    },
  ];
  return (
    <Panel
      title={t('adapters.result')}
      meta={t('adapters.connectedIn', { ms: connectMs, good, all: points.length })}
    >
      {answer.status === 'FAILED' ? (
        <p className="note warn" role="alert">
          {answer.error}
        </p>
      ) : null}
      <div className="limited">
        <DataGrid label={t('adapters.result')} columns={columns} rows={points} rowKey={({ name }) => name} />
      </div>
    </Panel>
  );
}
