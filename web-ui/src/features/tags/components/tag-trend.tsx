import { Button, NativeSelect } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import { connection } from '@/api/connection';
import type { Schemas } from '@/api/types';
import { DataGrid } from '@/components/ui/data-grid';
import { formatUnit, formatValue } from '@/components/ui/number';
import { Panel } from '@/components/ui/panel';
import { Failure } from '@/components/ui/query-view';
import { formatTime, useNow, useTimeZone } from '@/components/ui/time';
import { Trend, type TrendSeries } from '@/components/ui/trend';
import { type LiveStore, tagOf } from '../api/live';

interface TagTrendProps {
  keys: string[];
  live: LiveStore;
  minutes: number;
  onMinutes: (minutes: number) => void;
  onClear: () => void;
  /** Beside its own. */
  actions: ReactNode;
}

const WINDOWS = [5, 15, 60, 240, 1440];
const MAX_POINTS = 1000;
const TABLE_ROWS = 200;

interface Sample {
  at: number;
  value: number | null;
  quality: Schemas['Quality'];
}

const numeric = (value: unknown): number | null =>
  typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : null;

const LEAST_GAP_MS = 10_000;
const GAP_INTERVALS = 5;

/** A line over a time in which nothing was read would be a guess: a gap stands there instead. */
function withGaps(samples: Sample[]): Sample[] {
  const steps = samples.slice(1).map(({ at }, index) => at - (samples[index]?.at ?? at));
  const typical = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  const gap = Math.max(LEAST_GAP_MS, GAP_INTERVALS * typical);
  return samples.flatMap((sample, index) => {
    const before = samples[index - 1];
    return before && sample.at - before.at > gap
      ? [{ at: before.at + 1, value: null, quality: 'UNCERTAIN' as const }, sample]
      : [sample];
  });
}

/** History as the gateway's stream holds it, and the live values that came since. */
export function TagTrend({ keys, live, minutes, onMinutes, onClear, actions }: TagTrendProps) {
  const { t } = useTranslation();
  const zone = useTimeZone();
  const now = useNow();
  const [asTable, setAsTable] = useState(false);
  // one anchor per choice: the live values carry the trend on from there
  const anchor = useMemo(() => ({ minutes, to: connection.now() }), [minutes]);
  const histories = useQueries({
    queries: keys.map((key) => {
      const { gatewayId, assetId, parameter } = tagOf(key);
      return {
        ...$api.queryOptions('get', '/api/v1/tags/history', {
          params: {
            query: {
              gateway: gatewayId,
              asset: assetId,
              parameter,
              from: new Date(anchor.to - anchor.minutes * 60_000).toISOString(),
              to: new Date(anchor.to).toISOString(),
              maxPoints: MAX_POINTS,
            },
          },
        }),
        staleTime: Infinity,
      };
    }),
  });
  const failed = histories.find(({ isError }) => isError);
  const from = now - minutes * 60_000;

  const tracks = keys.map((key, index) => {
    const { assetId, parameter } = tagOf(key);
    const history = histories[index]?.data;
    const past: Sample[] =
      history?.points.map(({ time, value, quality }) => ({
        at: Date.parse(time),
        value: value ?? null,
        quality,
      })) ?? [];
    const end = past.at(-1)?.at ?? 0;
    const since: Sample[] = live
      .past(key)
      .filter(({ at }) => at > end)
      .map(({ at, value, quality }) => ({ at, value: numeric(value), quality }));
    return {
      label: `${assetId}/${parameter}`,
      unit: live.value(key)?.unit ?? history?.unit ?? null,
      samples: [...past, ...since].filter(({ at }) => at >= from),
    };
  });
  const series: TrendSeries[] = tracks.map(({ label, unit, samples }) => {
    const line = withGaps(samples);
    return {
      label,
      unit,
      times: line.map(({ at }) => at / 1000),
      values: line.map(({ value }) => value),
    };
  });

  return (
    <Panel
      title={t('tags.trend')}
      meta={t('tags.trendMeta', { count: keys.length })}
      actions={
        <>
          <NativeSelect
            size="xs"
            aria-label={t('tags.window')}
            value={String(minutes)}
            onChange={({ currentTarget }) => onMinutes(Number(currentTarget.value))}
            data={WINDOWS.map((window) => ({
              value: String(window),
              label:
                window < 60 ? t('tags.minutes', { count: window }) : t('tags.hours', { count: window / 60 }),
            }))}
          />
          {actions}
          <Button aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? t('tags.asChart') : t('tags.asTable')}
          </Button>
          <Button onClick={onClear}>{t('tags.clear')}</Button>
        </>
      }
    >
      {failed ? <Failure error={failed.error} onRetry={() => void failed.refetch()} /> : null}
      <div className="trend-body">
        {asTable ? (
          <div className="panel-body">
            <DataGrid
              label={t('tags.trend')}
              columns={[
                { key: 'time', header: t('tags.time'), cell: ({ at }) => formatTime(at, zone) },
                { key: 'tag', header: t('tags.tag'), cell: ({ label }) => <code>{label}</code> },
                {
                  key: 'value',
                  header: t('common.value'),
                  numeric: true,
                  cell: ({ value, unit }) =>
                    `${value === null ? '–' : formatValue(value)} ${formatUnit(unit)}`,
                },
                {
                  key: 'quality',
                  header: t('common.quality'),
                  cell: ({ quality }) => t(`quality.${quality}`),
                },
              ]}
              rows={tracks
                .flatMap(({ label, unit, samples }) => samples.map((sample) => ({ label, unit, ...sample })))
                .sort((a, b) => b.at - a.at)
                .slice(0, TABLE_ROWS)}
              rowKey={({ at, label }) => `${label}@${at}`}
            />
          </div>
        ) : (
          <Trend series={series} zone={zone} from={from / 1000} to={now / 1000} />
        )}
      </div>
    </Panel>
  );
}
