import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import type { Schemas } from '@/api/types';
import { RouteState } from '@/components/ui/health';
import { formatRate } from '@/components/ui/number';
import { ObjectList } from '@/components/ui/object-list';
import { State } from '@/components/ui/state';
import { Timestamp } from '@/components/ui/timestamp';
import { stateOf, type Where, whereTheyRun } from '../runs';

interface AdaptersProps {
  filter: string;
  onFilter: (filter: string) => void;
  onOpen: (id: string) => void;
  onCreate: () => void;
}

/** Gateways report every five seconds. */
const REFRESH_MS = 5_000;

/** All adapters and how each does where it runs: the one in trouble is found here, not by opening them one by one. */
export function Adapters(props: AdaptersProps) {
  const { t } = useTranslation();
  const adapters = $api.useQuery('get', '/api/v1/adapters', { params: { query: { limit: 1000 } } });
  const connectors = $api.useQuery('get', '/api/v1/catalogue/connectors', {}, { staleTime: 60_000 });
  const gateways = $api.useQuery(
    'get',
    '/api/v1/gateways',
    { params: { query: { status: 'APPROVED', limit: 1000 } } },
    { refetchInterval: REFRESH_MS },
  );
  const titles = new Map(connectors.data?.items.map(({ id, version, title }) => [`${id}@${version}`, title]));
  const runs = whereTheyRun(gateways.data?.items ?? []);
  const word = (adapter: Schemas['Adapter']) => {
    const state = stateOf(adapter, runs.get(adapter.id));
    return state === 'disabled' || state === 'nowhere' || state === 'silent'
      ? t(`adapters.${state}`)
      : t(`gateways.route.${state}`);
  };
  return (
    <ObjectList
      {...props}
      title={t('nav.adapters')}
      none={t('adapters.none')}
      create={t('adapters.create')}
      query={adapters}
      searched={{
        label: t('adapters.filter'),
        words: (adapter) => [adapter.asset, titles.get(adapter.connector), word(adapter)],
      }}
      columns={[
        {
          key: 'name',
          header: t('common.name'),
          cell: ({ name, id }) => (
            <>
              <span className="strong">{name}</span>
              <div>
                <code className="muted">{id}</code>
              </div>
            </>
          ),
        },
        {
          key: 'state',
          header: t('common.state'),
          cell: (adapter) => (
            <Running adapter={adapter} runs={runs.get(adapter.id)} known={gateways.isSuccess} />
          ),
        },
        {
          key: 'rate',
          header: t('adapters.rate'),
          numeric: true,
          cell: ({ id }) => {
            const live = runs.get(id)?.filter(({ silent }) => !silent) ?? [];
            return formatRate(
              live.length ? live.reduce((sum, { route }) => sum + route.outPerS, 0) : undefined,
            );
          },
        },
        {
          key: 'connector',
          header: t('adapters.connector'),
          wide: true,
          cell: ({ connector }) => titles.get(connector) ?? <code>{connector}</code>,
        },
        {
          key: 'asset',
          header: t('adapters.asset'),
          wide: true,
          cell: ({ asset }) => <code>{asset}</code>,
        },
        {
          key: 'points',
          header: t('adapters.points'),
          numeric: true,
          wide: true,
          cell: ({ points }) => points.length,
        },
        {
          key: 'updated',
          header: t('common.updated'),
          wide: true,
          cell: ({ updatedAt, updatedBy }) => (
            <span className="nowrap">
              <Timestamp at={updatedAt} /> <span className="muted">{updatedBy}</span>
            </span>
          ),
        },
      ]}
    />
  );
}

interface RunningProps {
  adapter: Schemas['Adapter'];
  runs: Where[] | undefined;
  /** Whether the gateways have been asked already. */
  known: boolean;
}

/** The worst of its runs, with what the gateway says of it. */
function Running({ adapter, runs, known }: RunningProps) {
  const { t } = useTranslation();
  if (!known && adapter.enabled) return null;
  const state = stateOf(adapter, runs);
  const [worst] = runs ?? [];
  switch (state) {
    case 'disabled':
    case 'nowhere':
      return <State word={t(`adapters.${state}`)} urgency="normal" />;
    case 'silent':
      return (
        <>
          <State word={t('adapters.silent')} urgency="failure" /> <code>{worst?.gatewayId}</code>
        </>
      );
    default:
      return (
        <>
          <RouteState state={state} /> <code className="muted nowrap">{worst?.gatewayId}</code>
          {worst?.route.detail ? (
            <span className="cut muted" title={worst.route.detail}>
              {worst.route.detail}
            </span>
          ) : null}
        </>
      );
  }
}
