import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { RouteState } from '@/components/ui/health';
import { formatCount, formatRate } from '@/components/ui/number';
import { Panel } from '@/components/ui/panel';
import { QueryView } from '@/components/ui/query-view';
import { Age } from '@/components/ui/timestamp';

/** Gateways report every five seconds. */
const REFRESH_MS = 5_000;

/** More codes than this are in the gateway's metrics. */
const MOST_CODES = 4;

/** How an adapter does where it runs: what it read, what failed, and how hard it works its device. */
export default function AdapterRuns({ id }: { id: string }) {
  const { t } = useTranslation();
  const runs = $api.useQuery(
    'get',
    '/api/v1/adapters/{id}/runs',
    { params: { path: { id } } },
    { refetchInterval: REFRESH_MS },
  );
  return (
    <Panel title={t('runs.title')} padded>
      <QueryView query={runs}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">{t('runs.none')}</p>
          ) : (
            items.map((run) => <Run key={run.gatewayId} run={run} />)
          )
        }
      </QueryView>
    </Panel>
  );
}

function Run({ run }: { run: Schemas['RouteRun'] }) {
  const { t } = useTranslation();
  const { gatewayId, route, reportedAt } = run;
  const { source } = route;
  const old = run.health === 'OFFLINE';
  return (
    <section className="spaced" aria-label={t('runs.on', { gatewayId })}>
      <p className="run-head">
        <Link to="/gateways" search={{ gateway: gatewayId }}>
          {gatewayId}
        </Link>
        <RouteState state={route.state} />
        <span className={old ? 'strong' : 'muted'}>
          {t(old ? 'runs.offline' : 'runs.reported')} <Age at={reportedAt} />
        </span>
      </p>
      {route.detail ? <p className="note warn">{route.detail}</p> : null}
      <dl className={old ? 'totals stale' : 'totals'}>
        <Figure name={t('runs.readings')} value={formatRate(route.outPerS)}>
          {t('runs.perSecond')}
        </Figure>
        {source ? <Figures source={source} /> : null}
      </dl>
    </section>
  );
}

function Figures({ source }: { source: Schemas['SourceStatus'] }) {
  const { t } = useTranslation();
  const { requests, errors, polls, failedPolls, skippedPolls, undelivered, goodPoints, badPoints } = source;
  const codes = Object.entries(errors).sort(([, a], [, b]) => b - a);
  const ms = (bound: number | null | undefined) =>
    bound === null || bound === undefined ? '–' : t('runs.within', { ms: bound });
  return (
    <>
      {requests ? (
        <>
          <Figure
            name={t('runs.requests')}
            value={
              requests.ceiling
                ? t('runs.ofCeiling', { perS: formatRate(requests.perS), ceiling: requests.ceiling })
                : formatRate(requests.perS)
            }
          >
            {t(requests.ceiling ? 'runs.perSecondCeiling' : 'runs.perSecondFree')}
          </Figure>
          <Figure name={t('runs.answer')} value={ms(requests.p50Ms)}>
            {t('runs.slowest', { ms: ms(requests.p99Ms) })}
          </Figure>
        </>
      ) : null}
      <Figure name={t('runs.polls')} value={formatCount(polls)}>
        {t('runs.pollsBut', {
          failed: formatCount(failedPolls),
          skipped: formatCount(skippedPolls),
          undelivered: formatCount(undelivered),
        })}
      </Figure>
      {goodPoints + badPoints > 0 ? (
        <Figure name={t('runs.points')} value={formatCount(goodPoints)}>
          {t('runs.bad', { bad: formatCount(badPoints) })}
        </Figure>
      ) : null}
      <Figure name={t('runs.errors')} value={formatCount(codes.reduce((sum, [, count]) => sum + count, 0))}>
        {codes.slice(0, MOST_CODES).map(([code, count]) => (
          <span key={code} className="block">
            {code} <b>{formatCount(count)}</b>
          </span>
        ))}
        {codes.length > MOST_CODES ? t('runs.moreCodes', { count: codes.length - MOST_CODES }) : null}
      </Figure>
    </>
  );
}

function Figure({ name, value, children }: { name: string; value: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
      <dd className="of">{children}</dd>
    </div>
  );
}
