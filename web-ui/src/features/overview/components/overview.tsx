import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { type Column, DataGrid } from '@/components/ui/data-grid';
import { GatewayState, RouteState } from '@/components/ui/health';
import { formatCount, formatRate } from '@/components/ui/number';
import { Panel } from '@/components/ui/panel';
import { Empty, QueryView } from '@/components/ui/query-view';
import { Age } from '@/components/ui/timestamp';

type Flow = Schemas['GatewayFlow'];

interface OverviewProps {
  onGateway: (id: string) => void;
  /** Offers the demo plant while nothing runs; null where there is none. */
  demoPlant: ReactNode;
}

/** The worst gateway is the first row. */
export function Overview({ onGateway, demoPlant }: OverviewProps) {
  const { t } = useTranslation();
  const overview = $api.useQuery('get', '/api/v1/overview', {}, { refetchInterval: 2000 });
  const columns: Column<Flow>[] = [
    { key: 'name', header: t('common.gateway'), cell: ({ name }) => <span className="strong">{name}</span> },
    { key: 'state', header: t('common.state'), cell: (gateway) => <GatewayState gateway={gateway} /> },
    {
      key: 'worst',
      header: t('overview.worstRoute'),
      cell: ({ worstRoute, routes, routesRunning }) =>
        worstRoute ? (
          <>
            <RouteState state={worstRoute.state} /> <code>{worstRoute.routeId}</code>
            {worstRoute.detail ? (
              <span className="cut muted" title={worstRoute.detail}>
                {worstRoute.detail}
              </span>
            ) : null}
          </>
        ) : (
          <span className="muted">
            {t('gateways.routesRunning', { running: routesRunning, all: routes })}
          </span>
        ),
    },
    { key: 'in', wide: true, header: t('flow.in'), numeric: true, cell: ({ inPerS }) => formatRate(inPerS) },
    {
      key: 'out',
      wide: true,
      header: t('flow.out'),
      numeric: true,
      cell: ({ outPerS }) => formatRate(outPerS),
    },
    { key: 'lag', wide: true, header: t('flow.lag'), numeric: true, cell: ({ lag }) => formatCount(lag) },
    {
      key: 'dead',
      wide: true,
      header: t('flow.dead'),
      numeric: true,
      cell: ({ deadLettersPerS }) => (
        <span className={deadLettersPerS > 0 ? 'strong' : undefined}>{formatRate(deadLettersPerS)}</span>
      ),
    },
    {
      key: 'revision',
      wide: true,
      header: t('gateways.revision'),
      numeric: true,
      cell: ({ runningRevision, desiredRevision }) =>
        runningRevision === desiredRevision
          ? (runningRevision ?? '–')
          : t('gateways.behind', { running: runningRevision ?? '–', desired: desiredRevision ?? '–' }),
    },
    {
      key: 'heartbeat',
      wide: true,
      header: t('gateways.heartbeat'),
      cell: ({ lastHeartbeatAt }) => <Age at={lastHeartbeatAt} />,
    },
  ];
  const pending = overview.data?.gateways.filter(({ status }) => status === 'PENDING') ?? [];
  const idle = overview.data?.gateways.every(({ desiredRevision }) => (desiredRevision ?? null) === null);
  return (
    <div className="page">
      {pending.map(({ id, name }) => (
        <div className="note warn" key={id}>
          {t('overview.pending', { name })}{' '}
          <Link to="/gateways" search={{ gateway: id }}>
            {t('overview.compare')}
          </Link>
        </div>
      ))}
      {overview.data ? <Totals totals={overview.data.totals} /> : null}
      <Panel title={t('overview.gateways')} main meta={t('overview.worstFirst')}>
        <QueryView query={overview}>
          {({ gateways }) =>
            gateways.length === 0 ? (
              <Empty
                kind="none"
                action={
                  <Button component={Link} to="/gateways">
                    {t('gateways.add')}
                  </Button>
                }
              >
                {t('gateways.none')}
              </Empty>
            ) : (
              <DataGrid
                label={t('overview.gateways')}
                columns={columns}
                rows={gateways}
                rowKey={({ id }) => id}
                onOpen={({ id }) => onGateway(id)}
              />
            )
          }
        </QueryView>
      </Panel>
      {idle && demoPlant ? (
        <Panel title={t('setup.demo.title')} padded>
          {demoPlant}
        </Panel>
      ) : null}
    </div>
  );
}

function Totals({ totals }: { totals: Schemas['Totals'] }) {
  const { t } = useTranslation();
  const figures = [
    ['healthy', t('overview.ofGateways', { healthy: totals.healthy, count: totals.gateways })],
    ['in', formatRate(totals.inPerS)],
    ['out', formatRate(totals.outPerS)],
    ['lag', formatCount(totals.lag)],
    ['dead', formatRate(totals.deadLettersPerS)],
  ] as const;
  return (
    <dl className="totals">
      {figures.map(([key, figure]) => (
        <div key={key}>
          <dt>{t(`overview.totals.${key}`)}</dt>
          <dd>{figure}</dd>
        </div>
      ))}
    </dl>
  );
}
