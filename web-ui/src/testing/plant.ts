import { http } from 'msw';
import type { Schemas } from '@/api/types';
import catalogue from './catalogue.json';

/** Everything the control plane would keep, for one test. */
export interface PlantState {
  setup: Schemas['Setup'];
  plant: Schemas['Plant'];
  signedIn: boolean;
  password: string;
  gateways: Schemas['Gateway'][];
  tokens: Schemas['EnrollmentToken'][];
  /** What is below each node of the device, the top under the empty id. */
  device: Record<string, Schemas['BrowsedPage']['nodes']>;
  adapters: Schemas['Adapter'][];
  sinks: Schemas['Sink'][];
  ruleSets: Schemas['RuleSet'][];
  deployments: Schemas['Deployment'][];
  revisions: Schemas['Revision'][];
  diff: Schemas['RouteChange'][];
  preflight: Schemas['Preflight'];
  connection: Schemas['CommandAnswer'];
  tags: Schemas['Tag'][];
  methods: Schemas['Method'][];
  /** Why the gateway writes nothing, null if it does. */
  writeRefusal: string | null;
  history: Schemas['HistoryPoint'][];
  deadLetters: Schemas['DeadLetterDetail'][];
  ledger: Schemas['LedgerSummary'];
  deviceAlarms: Schemas['DeviceAlarms'];
  certificates: Schemas['DeviceCertificate'][];
  /** Method, path and If-Match of every write, in order. */
  writes: string[];
}

export const FINGERPRINT = '5f:3a:c1:77:09:be:44:d2:91:0c:6e:ab:38:f5:20:17';
const AT = '2026-11-20T22:00:00Z';

export const route = (
  routeId: string,
  change: Partial<Schemas['RouteStatus']> = {},
): Schemas['RouteStatus'] => ({
  routeId,
  template: routeId.split('.')[0] ?? '',
  state: 'RUNNING',
  detail: null,
  since: AT,
  restarts: 0,
  inPerS: 42,
  outPerS: 42,
  deadPerS: null,
  lag: null,
  source: null,
  ...change,
});

/** What a polled source tells. */
export const source = (change: Partial<Schemas['SourceStatus']> = {}): Schemas['SourceStatus'] => ({
  polls: 3600,
  failedPolls: 12,
  skippedPolls: 3,
  undelivered: 0,
  errors: { timeout: 12, '0x02 ILLEGAL_DATA_ADDRESS': 40 },
  goodPoints: 7100,
  badPoints: 64,
  requests: { perS: 3.98, ceiling: 10, p50Ms: 2, p99Ms: 50 },
  ...change,
});

export const gateway = (change: Partial<Schemas['Gateway']> = {}): Schemas['Gateway'] => ({
  id: 'gw-1',
  name: 'gw-1',
  status: 'APPROVED',
  health: 'HEALTHY',
  fingerprint: FINGERPRINT,
  host: 'edge-01.plant.local',
  hardware: 'Linux amd64, 4 cores, 8 GB',
  version: '0.1.0',
  enrolledAt: AT,
  approvedAt: AT,
  approvedBy: 'admin',
  lastHeartbeatAt: new Date().toISOString(),
  runningRevision: 2,
  desiredRevision: 2,
  desiredDeploymentId: 'line-7',
  rejected: null,
  routes: [
    route('adapter.press-07', { source: source() }),
    route('validate.telemetry', { lag: 3, deadPerS: 0.2 }),
    route('aggregate.1s', { lag: 12 }),
    route('sink.history', {
      state: 'DEGRADED',
      detail: 'Connection to localhost:15432 refused',
      outPerS: 0,
      lag: 1840,
    }),
  ],
  replays: [],
  stream: { brokers: '127.0.0.1:19092', up: true },
  ...change,
});

export const adapter = (change: Partial<Schemas['Adapter']> = {}): Schemas['Adapter'] => ({
  id: 'press-07',
  name: 'Press 07',
  connector: 'modbus-tcp-source@1',
  asset: 'press-07',
  parameters: { host: '10.20.4.17', port: 502, unitId: 1, pollIntervalMs: 500 },
  points: [
    { name: 'temperature', area: 'holding', address: 40001, type: 'int16', scale: 0.1, unit: 'Cel' },
    { name: 'pressure', area: 'input', address: 30001, type: 'float32', unit: 'bar' },
  ],
  enabled: true,
  version: 3,
  updatedAt: AT,
  updatedBy: 'admin',
  ...change,
});

export const deadLetter = (
  id: string,
  change: Partial<Schemas['DeadLetter']> = {},
  detail: Partial<Schemas['DeadLetterDetail']> = {},
): Schemas['DeadLetterDetail'] => ({
  letter: {
    id,
    gatewayId: 'gw-1',
    topic: 'dlq.telemetry',
    messageId: `telemetry.raw-3-${id}`,
    sourceTopic: 'telemetry.raw',
    stage: 'validate.telemetry',
    reasonCode: 'RANGE',
    reason: "Rule 1: temperature of 'press-07' must be at most 100, got 250.0.",
    failedAt: AT,
    receivedAt: AT,
    attempts: 1,
    assetId: 'press-07',
    parameter: 'temperature',
    value: 250,
    unit: 'Cel',
    state: 'PENDING',
    stateReason: null,
    decision: null,
    ...change,
  },
  place: { topic: 'dlq.telemetry', partition: 3, offset: 42, messageId: `telemetry.raw-3-${id}` },
  record: { value: 250, quality: 'GOOD', asset_id: 'press-07', parameter: 'temperature', unit: 'Cel' },
  payload: { bytes: 4, complete: true, schemaId: 1, base64: 'AAAAAQ==', hex: '00 00 00 01' },
  actions: ['APPROVE', 'EDIT', 'REPROCESS', 'DISCARD'],
  follows: null,
  followedBy: null,
  ...detail,
});

export const ledger = (change: Partial<Schemas['LedgerSummary']> = {}): Schemas['LedgerSummary'] => ({
  gatewayId: 'gw-1',
  from: '2026-11-19T22:00:00Z',
  adapters: [
    {
      gatewayId: 'gw-1',
      at: '2026-11-19T22:00:00Z',
      adapterId: 'press-07',
      assetId: null,
      parameter: null,
      read: 86400,
      reprocessed: 1,
      approved: 2,
      clean: 86390,
      synthetic: 4,
      dead: 12,
      duplicateDropped: 5,
      repeated: 0,
      sinkDead: 0,
      late: 7,
      failedPolls: 12,
      skippedPolls: 3,
      lost: 12,
      unmapped: 0,
      turnedAway: 0,
      missing: 0,
      open: false,
    },
  ],
  losses: [
    { adapterId: 'press-07', reason: 'QOS0_STREAM_SLOW', count: 12, latest: '2026-11-20T08:14:00Z' },
    { adapterId: 'press-07', reason: 'POLL_STREAM_SLOW', count: 1, latest: '2026-11-20T08:14:00Z' },
    { adapterId: 'press-07', reason: 'OF_TOMORROW', count: 1200, latest: '2026-11-20T08:14:00Z' },
  ],
  sinks: [{ sink: 'sink.history', topic: 'telemetry.clean', delivered: 86390 }],
  missing: 0,
  unbalanced: 0,
  gaps: 0,
  latestGaps: [],
  ...change,
});

/** An established plant: one gateway that runs, with everything that makes its deployment. */
export const establishedPlant = (change: Partial<PlantState> = {}): PlantState => ({
  setup: {
    adminExists: true,
    plantName: 'Plant North',
    timeZone: 'Europe/Berlin',
    demoPlantAvailable: false,
  },
  plant: { name: 'Plant North', timeZone: 'Europe/Berlin', version: 2 },
  signedIn: true,
  password: 'correct horse battery',
  gateways: [gateway()],
  tokens: [],
  adapters: [adapter()],
  sinks: [
    {
      id: 'history',
      name: 'History',
      connector: 'timescaledb-sink@1',
      topics: ['telemetry.clean'],
      parameters: { host: 'localhost', database: 'history' },
      version: 1,
      updatedAt: AT,
      updatedBy: 'admin',
    },
  ],
  ruleSets: [
    {
      id: 'plant-rules',
      name: 'Plant rules',
      validation: [
        { asset: 'press-*', parameter: 'temperature', range: { min: 0, max: 120 }, required: true },
      ],
      aggregates: [{ resolutionMs: 1000 }],
      version: 1,
      updatedAt: AT,
      updatedBy: 'admin',
    },
  ],
  deployments: [
    {
      id: 'line-7',
      name: 'Line 7',
      gatewayId: 'gw-1',
      adapters: ['press-07'],
      sinks: ['history'],
      ruleSet: 'plant-rules',
      delivery: 'exactly-once',
      latestRevision: 2,
      activeRevision: 2,
      version: 5,
      updatedAt: AT,
      updatedBy: 'admin',
    },
  ],
  revisions: [2, 1].map((number) => ({
    number,
    gatewayId: 'gw-1',
    hash: `sha256:${number}b7c0ffee42`,
    active: number === 2,
    createdAt: AT,
    createdBy: 'admin',
    lastActivatedAt: AT,
    lastActivatedBy: 'admin',
  })),
  diff: [
    {
      routeId: 'adapter.press-07',
      template: 'adapter',
      kind: 'changed',
      fields: [{ pointer: '/properties/pollIntervalMs', before: 1000, after: 500 }],
    },
    { routeId: 'sink.history', template: 'sink', kind: 'unchanged', fields: [] },
  ],
  preflight: { ok: true, problems: [], plan: null },
  connection: {
    status: 'OK',
    error: null,
    result: {
      connectMs: 8,
      points: [
        {
          name: 'temperature',
          place: 'unit 1 holding 0 = 400001',
          value: 24.1,
          unit: 'Cel',
          quality: 'GOOD',
          reason: null,
        },
        {
          name: 'pressure',
          place: null,
          value: null,
          unit: 'bar',
          quality: 'BAD',
          reason: '0x02 ILLEGAL_DATA_ADDRESS',
        },
      ],
    } satisfies Schemas['ConnectionResult'],
  },
  tags: ['temperature', 'pressure'].map((parameter) => ({
    gatewayId: 'gw-1',
    assetId: 'press-07',
    parameter,
    unit: parameter === 'pressure' ? 'bar' : 'Cel',
    adapterId: 'press-07',
    writeRule:
      parameter === 'temperature'
        ? { min: 5, max: 30, intervalMs: 5000, onlyIf: 'running', onlyIfValue: 'true' }
        : null,
  })),
  writeRefusal: null,
  methods: [],
  history: [],
  deadLetters: [],
  device: {
    '': [{ id: 's=Press', name: 'Press', branch: true, detail: '', point: null }],
    's=Press': ['Temperature', 'Pressure'].map((name) => ({
      id: `s=${name}`,
      name,
      branch: false,
      detail: 'Double',
      point: { name, node: `s=${name}` } as never,
    })),
  },
  ledger: ledger(),
  deviceAlarms: { adapters: [] },
  certificates: [],
  writes: [],
  ...change,
});

/** A control plane nobody has used yet. */
export const freshPlant = (change: Partial<PlantState> = {}): PlantState =>
  establishedPlant({
    setup: { adminExists: false, plantName: null, timeZone: 'UTC', demoPlantAvailable: true },
    plant: { name: null, timeZone: 'UTC', version: 1 },
    signedIn: false,
    gateways: [
      gateway({
        status: 'PENDING',
        health: 'OFFLINE',
        routes: [],
        desiredRevision: null,
        runningRevision: null,
        desiredDeploymentId: null,
        approvedAt: null,
        approvedBy: null,
        stream: null,
      }),
    ],
    adapters: [],
    sinks: [],
    ruleSets: [],
    deployments: [],
    revisions: [],
    tags: [],
    writeRefusal: null,
    ...change,
  });

/** A body checked against the OpenAPI document, an answer of any kind to MSW. */
const answer = <T>(body: T, init?: ResponseInit): Response => Response.json(body, init);

export const problem = (
  status: number,
  title: string,
  detail: string,
  errors: Schemas['FieldProblem'][] = [],
) =>
  answer<Schemas['Problem']>(
    {
      type: `urn:streamforge:${status}`,
      title,
      status,
      detail,
      instance: null,
      errors,
      requestId: 'req-4711',
    },
    { status, headers: { 'Content-Type': 'application/problem+json' } },
  );
const missing = () => problem(404, 'Not found', 'There is no such object.');
const page = <T>(items: T[]) => answer({ items, nextCursor: null });
const stamp = { version: 1, updatedAt: AT, updatedBy: 'admin' };

/** The API over that state. Answers are typed by the OpenAPI document; the ids decide, nothing is clever. */
export function controlPlane(state: PlantState) {
  const wrote = (request: Request) => {
    const ifMatch = request.headers.get('If-Match');
    state.writes.push(
      [request.method, new URL(request.url).pathname.replace('/api/v1', ''), ifMatch]
        .filter(Boolean)
        .join(' '),
    );
    return request.headers.get('X-Requested-With') === 'StreamForge';
  };
  const forbidden = () => problem(403, 'Forbidden', 'The header X-Requested-With is missing.');
  const signIn = (username: string) => {
    state.signedIn = true;
    return answer<Schemas['Session']>({ username, role: 'ADMIN', expiresAt: AT, token: null });
  };

  const fitting = (request: Request) => {
    const query = new URL(request.url).searchParams;
    return state.deadLetters.filter(
      ({ letter }) =>
        [null, letter.state].includes(query.get('state') as typeof letter.state | null) &&
        [null, letter.reasonCode].includes(query.get('reason')) &&
        letter.assetId.includes(query.get('asset') ?? ''),
    );
  };
  const decide = (found: Schemas['DeadLetterDetail'], action: Schemas['LetterAction'], value: unknown) => {
    found.actions = [];
    found.letter.decision = { id: 'd-1', action, value, by: 'admin', at: AT, progress: 'WAITING' };
  };

  /** List, one, create and replace of one kind of configured object. */
  const objects = <T extends { id: string; version: number }>(path: string, items: () => T[]) => [
    http.get(`*/api/v1/${path}`, () => page(items())),
    http.get(`*/api/v1/${path}/:id`, ({ params }) => {
      const found = items().find(({ id }) => id === params.id);
      return found ? answer(found) : missing();
    }),
    http.post(`*/api/v1/${path}`, async ({ request }) => {
      if (!wrote(request)) return forbidden();
      const created = { ...((await request.json()) as T), ...stamp };
      items().push(created);
      return answer(created, { status: 201 });
    }),
    http.put(`*/api/v1/${path}/:id`, async ({ request, params }) => {
      if (!wrote(request)) return forbidden();
      const index = items().findIndex(({ id }) => id === params.id);
      const found = items()[index];
      if (!found) return missing();
      if (request.headers.get('If-Match') !== `"${found.version}"`)
        return problem(412, 'Changed by somebody else', 'Load it again and repeat the change.');
      const changed = { ...found, ...((await request.json()) as T), version: found.version + 1 };
      items()[index] = changed;
      return answer(changed);
    }),
  ];

  return [
    http.get('*/health/live', () => answer({ status: 'UP', checks: [] })),
    http.get('*/api/v1/setup', () => answer(state.setup)),
    http.get('*/api/v1/auth/me', () =>
      state.signedIn
        ? answer<Schemas['Me']>({ username: 'admin', role: 'ADMIN' })
        : problem(401, 'Not signed in', 'Sign in first.'),
    ),
    http.post('*/api/v1/auth/login', async ({ request }) => {
      const { username, password } = (await request.json()) as Schemas['Credentials'];
      return password === state.password
        ? signIn(username)
        : problem(401, 'Refused', 'Wrong user name or password.');
    }),
    http.post('*/api/v1/auth/logout', () => {
      state.signedIn = false;
      return new Response(null, { status: 204 });
    }),
    http.post('*/api/v1/auth/first-admin', async ({ request }) => {
      if (!wrote(request)) return forbidden();
      const { username } = (await request.json()) as Schemas['FirstAdmin'];
      state.setup = { ...state.setup, adminExists: true };
      return signIn(username);
    }),
    http.get('*/api/v1/plant', () => answer(state.plant)),
    http.put('*/api/v1/plant', async ({ request }) => {
      if (!wrote(request)) return forbidden();
      const naming = (await request.json()) as Schemas['PlantNaming'];
      state.plant = { ...naming, version: state.plant.version + 1 };
      state.setup = { ...state.setup, plantName: naming.name, timeZone: naming.timeZone };
      return answer(state.plant);
    }),
    http.post('*/api/v1/demo-plant', ({ request }) => {
      if (!wrote(request)) return forbidden();
      return answer<Schemas['DemoPlantLoaded']>({ deploymentId: 'demo', revision: 1 });
    }),
    http.get('*/api/v1/overview', () =>
      answer<Schemas['Overview']>({
        at: new Date().toISOString(),
        gateways: state.gateways.map((one) => {
          const worst = one.routes.find(({ state }) => state !== 'RUNNING');
          return {
            id: one.id,
            name: one.name,
            status: one.status,
            health: one.health,
            lastHeartbeatAt: one.lastHeartbeatAt,
            inPerS: 412.4,
            outPerS: 96,
            lag: 1840,
            deadLettersPerS: 0.2,
            routes: one.routes.length,
            routesRunning: one.routes.filter(({ state }) => state === 'RUNNING').length,
            worstRoute: worst ? { routeId: worst.routeId, state: worst.state, detail: worst.detail } : null,
            runningRevision: one.runningRevision,
            desiredRevision: one.desiredRevision,
          };
        }),
        totals: {
          gateways: state.gateways.length,
          healthy: 1,
          inPerS: 412.4,
          outPerS: 96,
          lag: 1840,
          deadLettersPerS: 0.2,
        },
      }),
    ),
    http.get('*/api/v1/catalogue/connectors', ({ request }) => {
      const kind = new URL(request.url).searchParams.get('kind');
      return page(
        (catalogue as Schemas['Connector'][]).filter((connector) => kind === null || connector.kind === kind),
      );
    }),
    http.get('*/api/v1/gateways', ({ request }) => {
      const status = new URL(request.url).searchParams.get('status');
      return page(state.gateways.filter((one) => status === null || one.status === status));
    }),
    http.get('*/api/v1/gateways/:id', ({ params }) => {
      const found = state.gateways.find(({ id }) => id === params.id);
      return found ? answer(found) : missing();
    }),
    http.get('*/api/v1/gateways/:id/ledger', () => answer(state.ledger)),
    http.get('*/api/v1/gateways/:id/device-alarms', () => answer(state.deviceAlarms)),
    http.post('*/api/v1/gateways/:id/device-alarms/answer', async ({ request }) => {
      if (!wrote(request)) return forbidden();
      const { eventId, action, comment } = (await request.json()) as Schemas['AlarmAnswer'];
      const standing = state.deviceAlarms.adapters[0]?.alarms.find((alarm) => alarm.eventId === eventId);
      if (!standing) return problem(409, 'alarm-answer-refused', 'The alarm has changed since it was shown.');
      state.deviceAlarms = {
        adapters: state.deviceAlarms.adapters.map((adapter) => ({
          ...adapter,
          alarms:
            action === 'CONFIRM'
              ? []
              : [
                  action === 'COMMENT'
                    ? { ...standing, condition: { ...standing.condition, comment } }
                    : {
                        ...standing,
                        state: 'ACKNOWLEDGED',
                        condition: { ...standing.condition, acked: true },
                      },
                ],
        })),
      };
      return new Response(null, { status: 204 });
    }),
    http.get('*/api/v1/gateways/:id/certificates', () => answer({ certificates: state.certificates })),
    http.post('*/api/v1/gateways/:id/certificates/:fingerprint/trust', ({ request, params }) => {
      if (!wrote(request)) return forbidden();
      state.certificates = state.certificates.map((known) =>
        known.fingerprint === params.fingerprint ? { ...known, trusted: true } : known,
      );
      return new Response(null, { status: 204 });
    }),
    http.delete('*/api/v1/gateways/:id/certificates/:fingerprint', ({ request, params }) => {
      if (!wrote(request)) return forbidden();
      state.certificates = state.certificates.filter(({ fingerprint }) => fingerprint !== params.fingerprint);
      return new Response(null, { status: 204 });
    }),
    http.post('*/api/v1/gateways/:id/approve', async ({ request, params }) => {
      if (!wrote(request)) return forbidden();
      const { fingerprint } = (await request.json()) as Schemas['Approval'];
      const found = state.gateways.find(({ id }) => id === params.id);
      if (!found) return missing();
      if (fingerprint !== found.fingerprint)
        return problem(409, 'The fingerprint does not match', `Gateway '${found.id}' showed another key.`);
      found.status = 'APPROVED';
      return answer(found);
    }),
    http.post('*/api/v1/gateways/:id/routes/:routeId/restart', ({ request }) => {
      if (!wrote(request)) return forbidden();
      return answer<Schemas['CommandAnswer']>({ status: 'OK', result: null, error: null });
    }),
    http.post('*/api/v1/gateways/:id/replays', async ({ request, params }) => {
      if (!wrote(request)) return forbidden();
      const order = (await request.json()) as Schemas['ReplayRequest'];
      if (order.into === 'telemetry.clean') {
        const error = "Topic 'telemetry.clean' belongs to the live path.";
        return answer<Schemas['CommandAnswer']>({ status: 'FAILED', result: null, error });
      }
      state.gateways
        .find(({ id }) => id === params['id'])
        ?.replays.push({
          id: 'r1',
          routeId: order.routeId,
          into: order.into ?? null,
          state: 'RUNNING',
          ratePerS: order.ratePerS ?? 5000,
          done: 1200,
          total: 5000,
          detail: null,
          startedAt: AT,
          endedAt: null,
        });
      return answer<Schemas['CommandAnswer']>({ status: 'OK', result: null, error: null });
    }),
    http.post('*/api/v1/gateways/:id/replays/:replayId/cancel', ({ request, params }) => {
      if (!wrote(request)) return forbidden();
      for (const { replays } of state.gateways)
        for (const replay of replays) if (replay.id === params['replayId']) replay.state = 'CANCELLED';
      return answer<Schemas['CommandAnswer']>({ status: 'OK', result: null, error: null });
    }),
    http.get('*/api/v1/enrollments/tokens', () => page(state.tokens)),
    http.post('*/api/v1/enrollments/tokens', async ({ request }) => {
      if (!wrote(request)) return forbidden();
      const { name, uses } = (await request.json()) as Schemas['EnrollmentTokenRequest'];
      state.tokens.push({
        id: 't1',
        name,
        uses,
        usesLeft: uses,
        expiresAt: AT,
        createdAt: AT,
        createdBy: 'admin',
      });
      return answer<Schemas['EnrollmentTokenCreated']>(
        { id: 't1', name, uses, token: 'sfe_secret', expiresAt: AT },
        { status: 201 },
      );
    }),
    http.get('*/api/v1/adapters/:id/runs', ({ params }) =>
      page<Schemas['RouteRun']>(
        state.gateways.flatMap(({ id, health, routes, lastHeartbeatAt }) =>
          routes
            .filter(({ routeId }) => routeId === `adapter.${params.id}`)
            .map((one) => ({ gatewayId: id, health, reportedAt: lastHeartbeatAt ?? AT, route: one })),
        ),
      ),
    ),
    http.post('*/api/v1/adapters/test', ({ request }) => {
      if (!wrote(request)) return forbidden();
      return answer(state.connection);
    }),
    http.post('*/api/v1/adapters/browse', async ({ request }) => {
      if (!wrote(request)) return forbidden();
      const { below, from, limit } = (await request.json()) as Schemas['BrowseRequest'];
      const nodes = state.device[below ?? ''];
      return answer<Schemas['CommandAnswer']>(
        nodes
          ? {
              status: 'OK',
              result: { nodes: nodes.slice(from, from + limit), more: nodes.length > from + limit } as never,
              error: null,
            }
          : { status: 'FAILED', result: null, error: 'connection: 0x80AC0000 Bad_ConnectionRejected' },
      );
    }),
    ...objects('adapters', () => state.adapters),
    ...objects('sinks', () => state.sinks),
    ...objects('rules', () => state.ruleSets),
    http.get('*/api/v1/deployments/:id/diff', ({ request }) =>
      answer<Schemas['Diff']>({
        against: new URL(request.url).searchParams.get('against') ?? 'running',
        changes: state.diff,
      }),
    ),
    http.post('*/api/v1/deployments/:id/preflight', () => answer(state.preflight)),
    http.get('*/api/v1/deployments/:id/revisions', () => page(state.revisions)),
    http.post('*/api/v1/deployments/:id/revisions/:number/activate', ({ request, params }) => {
      if (!wrote(request)) return forbidden();
      state.revisions = state.revisions.map((one) => ({
        ...one,
        active: one.number === Number(params.number),
      }));
      return answer(state.revisions.find(({ active }) => active));
    }),
    http.post('*/api/v1/deployments/:id/activate', ({ request }) => {
      if (!wrote(request)) return forbidden();
      const number = state.revisions.length + 1;
      const activated: Schemas['Revision'] = {
        number,
        gatewayId: 'gw-1',
        hash: `sha256:${number}`,
        active: true,
        createdAt: AT,
        createdBy: 'admin',
        lastActivatedAt: AT,
        lastActivatedBy: 'admin',
      };
      state.revisions = [activated, ...state.revisions.map((one) => ({ ...one, active: false }))];
      return answer(activated);
    }),
    ...objects('deployments', () => state.deployments),
    http.get('*/api/v1/dlq', ({ request }) =>
      new URL(request.url).searchParams.has('cursor')
        ? problem(400, 'Bad Request', 'cursor must be the nextCursor of the last page of this list.')
        : page(fitting(request).map(({ letter }) => letter)),
    ),
    http.get('*/api/v1/dlq/counts', ({ request }) => {
      const fit = fitting(request);
      const codes = [...new Set(fit.map(({ letter }) => letter.reasonCode))];
      return answer<Schemas['DeadLetterCounts']>({
        asOf: AT,
        total: fit.length,
        open: fit.filter(({ actions }) => actions.length > 0).length,
        approvable: fit.filter(({ actions }) => actions.includes('APPROVE')).length,
        reasons: codes.map((reasonCode) => {
          const count = fit.filter(({ letter }) => letter.reasonCode === reasonCode).length;
          return { reasonCode, count, open: count };
        }),
        fullGateways: [],
      });
    }),
    http.get('*/api/v1/dlq/:id', ({ params }) => {
      const found = state.deadLetters.find(({ letter }) => letter.id === params.id);
      return found ? answer(found) : missing();
    }),
    http.post('*/api/v1/dlq/bulk', async ({ request }) => {
      if (!wrote(request)) return forbidden();
      const { action, filter } = (await request.json()) as Schemas['BulkDecision'];
      const meant = state.deadLetters.filter(
        ({ letter, actions }) =>
          actions.includes(action) && letter.reasonCode === (filter.reason ?? letter.reasonCode),
      );
      meant.forEach((one) => decide(one, action, null));
      return answer<Schemas['BulkTaken']>({ decisionId: 'd-1', count: meant.length }, { status: 202 });
    }),
    http.post('*/api/v1/dlq/:id/:verb', async ({ request, params }) => {
      if (!wrote(request)) return forbidden();
      const found = state.deadLetters.find(({ letter }) => letter.id === params.id);
      if (!found) return missing();
      const value =
        params.verb === 'approve' ? ((await request.json()) as Schemas['LetterApproval']).value : null;
      if (typeof value === 'string')
        return problem(400, 'Bad Request', 'value must be a number as the record\'s own, got "hot".');
      const action =
        params.verb === 'approve' ? (value === null ? 'APPROVE' : 'EDIT') : String(params.verb).toUpperCase();
      decide(found, action as Schemas['LetterAction'], value);
      return answer(found.letter, { status: 202 });
    }),
    http.get('*/api/v1/tags', ({ request }) => {
      const q = new URL(request.url).searchParams.get('q') ?? '';
      return page(state.tags.filter(({ assetId, parameter }) => `${assetId}/${parameter}`.includes(q)));
    }),
    http.post('*/api/v1/tags/write', async ({ request }) => {
      const asked = (await request.json()) as Schemas['TagWrite'];
      if (!wrote(request)) return forbidden();
      if (state.writeRefusal) return problem(409, 'Conflict', state.writeRefusal);
      return answer<Schemas['TagWritten']>({
        before: 24.1,
        written: asked.value,
        readBack: asked.value,
        quality: 'GOOD',
        at: new Date().toISOString(),
      });
    }),
    http.get('*/api/v1/methods', () => page(state.methods)),
    http.post('*/api/v1/methods/call', async ({ request }) => {
      const asked = (await request.json()) as Schemas['MethodCall'];
      if (!wrote(request)) return forbidden();
      if (state.writeRefusal) return problem(409, 'Conflict', state.writeRefusal);
      return answer<Schemas['MethodCalled']>({
        outputs: Object.entries(asked.arguments).map(([name, value]) => ({
          name: `${name} taken`,
          value: Array.isArray(value) ? (JSON.stringify(value) as never) : value,
        })),
        at: new Date().toISOString(),
      });
    }),
    http.get('*/api/v1/tags/history', ({ request }) => {
      const query = new URL(request.url).searchParams;
      return answer<Schemas['History']>({
        gatewayId: query.get('gateway') ?? '',
        assetId: query.get('asset') ?? '',
        parameter: query.get('parameter') ?? '',
        unit: 'Cel',
        points: state.history,
      });
    }),
  ];
}
