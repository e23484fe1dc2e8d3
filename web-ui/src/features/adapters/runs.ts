import type { Schemas } from '@/api/types';

type Route = Schemas['RouteStatus'];

/** One run of an adapter's route. */
export interface Where {
  gatewayId: string;
  route: Route;
  /** Its gateway does not report: what it told last may be long over. */
  silent: boolean;
}

const WORST_FIRST: Route['state'][] = ['FAILED', 'STOPPED', 'DEGRADED', 'STARTING', 'RUNNING'];
const rank = ({ silent, route }: Where) => (silent ? -1 : WORST_FIRST.indexOf(route.state));

/** The runs of each adapter, the worst first, from what the gateways tell. */
export function whereTheyRun(gateways: Schemas['Gateway'][]): Map<string, Where[]> {
  const runs = new Map<string, Where[]>();
  for (const { id, health, routes } of gateways)
    for (const route of routes) {
      const [, adapter] = /^adapter\.(.+)$/.exec(route.routeId) ?? [];
      if (adapter === undefined) continue;
      const where = { gatewayId: id, route, silent: health === 'OFFLINE' };
      runs.set(adapter, [...(runs.get(adapter) ?? []), where]);
    }
  runs.forEach((all) => all.sort((a, b) => rank(a) - rank(b)));
  return runs;
}

/** What one would say of an adapter in a word; `nowhere` if no gateway runs it. */
export function stateOf(
  { enabled }: Pick<Schemas['Adapter'], 'enabled'>,
  runs: Where[] | undefined,
): Route['state'] | 'disabled' | 'nowhere' | 'silent' {
  const [worst] = runs ?? [];
  if (worst) return worst.silent ? 'silent' : worst.route.state;
  return enabled ? 'nowhere' : 'disabled';
}
