import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { $api } from '@/api/client';
import { toProblem } from '@/api/problem';
import { Failed, NotFound } from './failed';
import { Shell } from './shell';

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  errorComponent: Failed,
  notFoundComponent: NotFound,
});

const setup = (queryClient: QueryClient) =>
  queryClient.ensureQueryData($api.queryOptions('get', '/api/v1/setup'));

/** Who is signed in; null when nobody is. */
const session = (queryClient: QueryClient) =>
  queryClient.ensureQueryData($api.queryOptions('get', '/api/v1/auth/me')).catch((error: unknown) => {
    if (toProblem(error).status === 401) return null;
    throw error;
  });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search): { next?: string } => ({ next: text(search.next) }),
  beforeLoad: async ({ context }) => {
    if (!(await setup(context.queryClient)).adminExists) throw redirect({ to: '/first-run' });
  },
  component: lazyRouteComponent(() => import('./routes/login')),
});

const firstRun = createRoute({
  getParentRoute: () => root,
  path: '/first-run',
  beforeLoad: async ({ context }) => {
    const { adminExists } = await setup(context.queryClient);
    if (adminExists && !(await session(context.queryClient)))
      throw redirect({ to: '/login', search: { next: '/first-run' } });
  },
  component: lazyRouteComponent(() => import('./routes/first-run')),
});

const rooms = createRoute({
  getParentRoute: () => root,
  id: 'rooms',
  beforeLoad: async ({ context, location }) => {
    const { adminExists, plantName } = await setup(context.queryClient);
    if (!adminExists) throw redirect({ to: '/first-run' });
    if (!(await session(context.queryClient)))
      throw redirect({ to: '/login', search: { next: location.href } });
    if (!plantName) throw redirect({ to: '/first-run' });
  },
  component: Shell,
});

const index = createRoute({
  getParentRoute: () => rooms,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/overview' });
  },
});

const overview = createRoute({
  getParentRoute: () => rooms,
  path: '/overview',
  component: lazyRouteComponent(() => import('./routes/overview')),
});

const tags = createRoute({
  getParentRoute: () => rooms,
  path: '/tags',
  validateSearch: (search): { gateway?: string; q?: string; trend?: string; minutes?: string } => ({
    gateway: text(search.gateway),
    q: text(search.q),
    trend: text(search.trend),
    minutes: text(search.minutes),
  }),
  component: lazyRouteComponent(() => import('./routes/tags')),
});

const letterStates = ['PENDING', 'REPROCESSED', 'DISCARDED', 'REPROCESS_FAILED', 'ALL'] as const;

const deadLetters = createRoute({
  getParentRoute: () => rooms,
  path: '/dead-letters',
  validateSearch: (
    search,
  ): {
    state?: (typeof letterStates)[number];
    gateway?: string;
    topic?: string;
    reason?: string;
    q?: string;
    from?: string;
    letter?: string;
  } => ({
    state: letterStates.find((state) => state === search.state),
    gateway: text(search.gateway),
    topic: text(search.topic),
    reason: text(search.reason),
    q: text(search.q),
    from: text(search.from),
    letter: text(search.letter),
  }),
  component: lazyRouteComponent(() => import('./routes/dead-letters')),
});

const gateways = createRoute({
  getParentRoute: () => rooms,
  path: '/gateways',
  validateSearch: (search): { gateway?: string; q?: string } => ({
    gateway: text(search.gateway),
    q: text(search.q),
  }),
  component: lazyRouteComponent(() => import('./routes/gateways')),
});

const filtered = (search: Record<string, unknown>): { q?: string } => ({ q: text(search.q) });
const chosen = (search: Record<string, unknown>): { connector?: string } => ({
  connector: text(search.connector),
});

const adapters = createRoute({
  getParentRoute: () => rooms,
  path: '/adapters',
  validateSearch: filtered,
  component: lazyRouteComponent(() => import('./routes/adapters')),
});
const newAdapter = createRoute({
  getParentRoute: () => rooms,
  path: '/adapters/new',
  validateSearch: (search): { connector?: string; from?: string } => ({
    connector: text(search.connector),
    from: text(search.from),
  }),
  component: lazyRouteComponent(() => import('./routes/adapter-new')),
});
const adapter = createRoute({
  getParentRoute: () => rooms,
  path: '/adapters/$id',
  component: lazyRouteComponent(() => import('./routes/adapter')),
});

const sinks = createRoute({
  getParentRoute: () => rooms,
  path: '/sinks',
  validateSearch: filtered,
  component: lazyRouteComponent(() => import('./routes/sinks')),
});
const newSink = createRoute({
  getParentRoute: () => rooms,
  path: '/sinks/new',
  validateSearch: chosen,
  component: lazyRouteComponent(() => import('./routes/sink-new')),
});
const sink = createRoute({
  getParentRoute: () => rooms,
  path: '/sinks/$id',
  component: lazyRouteComponent(() => import('./routes/sink')),
});

const rules = createRoute({
  getParentRoute: () => rooms,
  path: '/rules',
  component: lazyRouteComponent(() => import('./routes/rules')),
});
const newRuleSet = createRoute({
  getParentRoute: () => rooms,
  path: '/rules/new',
  component: lazyRouteComponent(() => import('./routes/rule-set-new')),
});
const ruleSet = createRoute({
  getParentRoute: () => rooms,
  path: '/rules/$id',
  component: lazyRouteComponent(() => import('./routes/rule-set')),
});

const deployments = createRoute({
  getParentRoute: () => rooms,
  path: '/deployments',
  component: lazyRouteComponent(() => import('./routes/deployments')),
});
const newDeployment = createRoute({
  getParentRoute: () => rooms,
  path: '/deployments/new',
  component: lazyRouteComponent(() => import('./routes/deployment-new')),
});
const deployment = createRoute({
  getParentRoute: () => rooms,
  path: '/deployments/$id',
  component: lazyRouteComponent(() => import('./routes/deployment')),
});

export const routeTree = root.addChildren([
  login,
  firstRun,
  rooms.addChildren([
    index,
    overview,
    tags,
    deadLetters,
    gateways,
    adapters,
    newAdapter,
    adapter,
    sinks,
    newSink,
    sink,
    rules,
    newRuleSet,
    ruleSet,
    deployments,
    newDeployment,
    deployment,
  ]),
]);
