import { Button, Drawer } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import { type Column, DataGrid } from '@/components/ui/data-grid';
import { FilterInput } from '@/components/ui/filter-input';
import { GatewayState } from '@/components/ui/health';
import { Panel } from '@/components/ui/panel';
import { Empty, QueryView } from '@/components/ui/query-view';
import { Age } from '@/components/ui/timestamp';
import type { Schemas } from '@/api/types';
import { GatewayDetail } from './gateway-detail';
import { EnrollmentTokens, NewToken } from './tokens';

interface GatewaysProps {
  filter: string;
  onFilter: (filter: string) => void;
  /** Id of the gateway in the drawer. */
  open: string | null;
  onOpen: (id: string | null) => void;
}

export function Gateways({ filter, onFilter, open, onOpen }: GatewaysProps) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const gateways = $api.useQuery(
    'get',
    '/api/v1/gateways',
    { params: { query: { limit: 1000 } } },
    { refetchInterval: 2000 },
  );
  const columns: Column<Schemas['Gateway']>[] = [
    { key: 'name', header: t('common.name'), cell: ({ name }) => <span className="strong">{name}</span> },
    { key: 'state', header: t('common.state'), cell: (gateway) => <GatewayState gateway={gateway} /> },
    {
      key: 'revision',
      wide: true,
      header: t('gateways.revision'),
      cell: (gateway) => <RevisionState gateway={gateway} />,
    },
    {
      key: 'routes',
      header: t('gateways.routes'),
      cell: ({ routes }) =>
        t('gateways.routesRunning', {
          running: routes.filter(({ state }) => state === 'RUNNING').length,
          all: routes.length,
        }),
    },
    { key: 'host', wide: true, header: t('gateways.host'), cell: ({ host }) => <code>{host}</code> },
    { key: 'version', wide: true, header: t('gateways.version'), cell: ({ version }) => version },
    {
      key: 'heartbeat',
      wide: true,
      header: t('gateways.heartbeat'),
      cell: ({ lastHeartbeatAt }) => <Age at={lastHeartbeatAt} />,
    },
  ];
  const opened = gateways.data?.items.find(({ id }) => id === open);
  return (
    <div className="page">
      <Panel
        title={t('nav.gateways')}
        main
        meta={gateways.data ? t('common.count', { count: gateways.data.items.length }) : null}
        actions={
          <>
            <FilterInput value={filter} onChange={onFilter} label={t('gateways.filter')} />
            <Button variant="filled" onClick={() => setAdding(true)}>
              {t('gateways.add')}
            </Button>
          </>
        }
      >
        {open && gateways.data && !opened ? (
          <p className="note warn" role="status">
            {t('gateways.unknown', { id: open })}
          </p>
        ) : null}
        <QueryView query={gateways}>
          {({ items }) => {
            const shown = items.filter(({ name, host }) =>
              `${name} ${host}`.toLowerCase().includes(filter.toLowerCase()),
            );
            if (items.length === 0)
              return (
                <Empty
                  kind="none"
                  action={<Button onClick={() => setAdding(true)}>{t('gateways.add')}</Button>}
                >
                  {t('gateways.none')}
                </Empty>
              );
            if (shown.length === 0)
              return (
                <Empty
                  kind="filtered"
                  action={<Button onClick={() => onFilter('')}>{t('common.clearFilter')}</Button>}
                >
                  {t('common.filtered', { count: items.length })}
                </Empty>
              );
            return (
              <DataGrid
                label={t('nav.gateways')}
                columns={columns}
                rows={shown}
                rowKey={({ id }) => id}
                selected={open}
                onOpen={({ id }) => onOpen(id)}
              />
            );
          }}
        </QueryView>
      </Panel>
      <EnrollmentTokens />
      <NewToken opened={adding} onClose={() => setAdding(false)} />
      <Drawer opened={opened !== undefined} onClose={() => onOpen(null)} title={opened?.name} size={900}>
        {opened ? <GatewayDetail gateway={opened} onGone={() => onOpen(null)} /> : null}
      </Drawer>
    </div>
  );
}

function RevisionState({ gateway }: { gateway: Schemas['Gateway'] }) {
  const { t } = useTranslation();
  const { runningRevision: running, desiredRevision: desired, rejected } = gateway;
  if (rejected)
    return <span className="strong">{t('gateways.rejectedShort', { revision: rejected.revision })}</span>;
  if ((desired ?? null) === null) return <span className="muted">{t('gateways.noPlan')}</span>;
  if (running !== desired) return <>{t('gateways.behind', { running: running ?? '–', desired })}</>;
  return <>{desired}</>;
}
