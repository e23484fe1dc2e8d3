import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { http } from 'msw';
import { expect, test } from 'vitest';
import type { Schemas } from '@/api/types';
import { establishedPlant, gateway, type PlantState, problem, route, source } from '@/testing/plant';
import { server } from '@/testing/server';
import { openConsole } from '../testing';

const ROWS = [
  'Name\tAddress\tType\tScale\tUnit',
  'temperature\t40001\tint16\t0,1\tCel',
  'pressure\t40oo3\tfloat32\t1\tbar',
].join('\n');

test('an adapter is made from the connector schema with pasted rows, one of them wrong until it is mended', async () => {
  const { user, state } = openConsole('/adapters/new', establishedPlant({ adapters: [] }));
  await user.click(await screen.findByRole('row', { name: /^Modbus TCP / }));

  await user.type(await screen.findByRole('textbox', { name: /^Name/ }), 'Press 08');
  expect(screen.getByRole('textbox', { name: /^Id/ })).toHaveValue('press-08');
  await user.type(screen.getByRole('textbox', { name: /^Asset/ }), 'press-08');
  await user.clear(screen.getByRole('textbox', { name: /^Poll interval/ }));
  await user.type(screen.getByRole('textbox', { name: /^Poll interval/ }), '10');

  await user.click(screen.getByRole('button', { name: 'Paste or import' }));
  const dialog = await screen.findByRole('dialog');
  fireEvent.change(within(dialog).getByRole('textbox', { name: 'Rows' }), { target: { value: ROWS } });
  await user.click(within(dialog).getByRole('button', { name: 'Add 2 rows' }));

  const wrong = await screen.findByRole('textbox', { name: 'Address, row 2' });
  expect(wrong).toHaveAttribute('aria-invalid', 'true');
  expect(wrong).toHaveAccessibleDescription('must be of type integer, got "40oo3"');
  expect(screen.getByRole('textbox', { name: 'Scale, row 1' })).toHaveValue('0.1');
  expect(screen.getByRole('combobox', { name: 'Area, row 1' })).toHaveValue('holding');

  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect(screen.getByRole('alert')).toHaveTextContent('Some fields need attention');
  expect(screen.getByText('is required')).toBeVisible();
  expect(screen.getByText('must be at least 50, got 10')).toBeVisible();
  expect(state.writes).toEqual([]);

  await user.type(screen.getByRole('textbox', { name: /^Host/ }), '10.20.4.18');
  await user.clear(screen.getByRole('textbox', { name: /^Poll interval/ }));
  await user.type(screen.getByRole('textbox', { name: /^Poll interval/ }), '500');
  await user.clear(wrong);
  await user.type(wrong, '40003{Enter}');
  await user.click(screen.getByRole('button', { name: 'Save' }));

  await waitFor(() => expect(state.adapters).toHaveLength(1));
  expect(state.adapters[0]).toMatchObject({
    id: 'press-08',
    connector: 'modbus-tcp-source@1',
    // what nobody chose is not stored: the connector's defaults stay the connector's
    parameters: { host: '10.20.4.18', pollIntervalMs: 500 },
    points: [
      { name: 'temperature', area: 'holding', address: 40001, type: 'int16', scale: 0.1, unit: 'Cel' },
      { name: 'pressure', area: 'holding', address: 40003, type: 'float32', scale: 1, unit: 'bar' },
    ],
  });
  expect(await screen.findByRole('heading', { name: 'Press 08' })).toBeVisible();
});

test('what few people need is folded away, unless it has a value or is wrong', async () => {
  const { user } = openConsole('/adapters/press-07', establishedPlant());
  await screen.findByRole('textbox', { name: /^Host/ });
  expect(screen.queryByRole('textbox', { name: /^Longest reconnect delay/ })).toBeNull();
  server.use(
    http.put('*/api/v1/adapters/press-07', () =>
      problem(422, 'Not valid', 'Wrong.', [
        { pointer: '/parameters/reconnectMaxDelayMs', message: 'is too long' },
      ]),
    ),
  );
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect(
    await screen.findByRole('textbox', { name: /^Longest reconnect delay/ }),
  ).toHaveAccessibleDescription(/is too long/);
});

test('a folded option comes when it is asked for, and stays when it is emptied', async () => {
  const { user } = openConsole('/adapters/press-07', establishedPlant());
  await user.click(await screen.findByRole('button', { name: 'One more option' }));
  const delay = screen.getByRole('textbox', { name: /^Longest reconnect delay/ });
  expect(delay).toHaveAttribute('placeholder', '30000 (default)');
  await user.type(delay, '5');
  await user.clear(delay);
  expect(delay).toBeVisible();
  expect(screen.queryByRole('button', { name: 'One more option' })).toBeNull();
});

test('rows pasted into a cell fill from there', async () => {
  const { user } = openConsole('/adapters/press-07', establishedPlant());
  await user.click(await screen.findByRole('textbox', { name: 'Name, row 2' }));
  await user.paste('flow\tinput\t30003\nlevel\tinput\t30005');
  expect(screen.getByRole('textbox', { name: 'Name, row 2' })).toHaveValue('flow');
  expect(screen.getByRole('textbox', { name: 'Address, row 3' })).toHaveValue('30005');
  expect(screen.getByText('3 rows')).toBeVisible();
});

test('testing the connection shows what was read, with the code of what was not', async () => {
  const { user } = openConsole('/adapters/press-07', establishedPlant());
  await screen.findByRole('combobox', { name: 'Gateway that tries the connection' });
  await waitFor(() => expect(screen.getByRole('button', { name: 'Test connection' })).toBeEnabled());
  await user.click(screen.getByRole('button', { name: 'Test connection' }));
  const result = await screen.findByRole('grid', { name: 'What was read' });
  expect(
    within(result).getByRole('row', { name: /temperature ?unit 1 holding 0 = 400001 24.1 °C Good/ }),
  ).toBeVisible();
  expect(
    within(result).getByRole('row', { name: /pressure – bar Bad 0x02 ILLEGAL_DATA_ADDRESS/ }),
  ).toBeVisible();
});

test('a point that cannot be read hides none of those that can, and all of them failing says why', async () => {
  const connection = establishedPlant().connection;
  const error = '1 of 2 points are BAD: pressure 0x02 ILLEGAL_DATA_ADDRESS';
  const { user, state } = openConsole(
    '/adapters/press-07',
    establishedPlant({ connection: { ...connection, status: 'FAILED', error } }),
  );
  const button = await screen.findByRole('button', { name: 'Test connection' });
  await waitFor(() => expect(button).toBeEnabled());
  await user.click(button);
  expect(await screen.findByRole('alert')).toHaveTextContent(error);
  expect(
    screen.getByRole('row', { name: /temperature ?unit 1 holding 0 = 400001 24.1 °C Good/ }),
  ).toBeVisible();

  state.connection = { status: 'FAILED', result: null, error: 'timeout: no answer within 1000 ms' };
  await user.click(button);
  await waitFor(() =>
    expect(screen.getByRole('alert')).toHaveTextContent(/^The gateway could not read.*timeout/),
  );

  await user.clear(screen.getByRole('textbox', { name: /^Host/ }));
  await user.click(button);
  expect(screen.getByRole('alert')).toHaveTextContent('Some fields need attention');
});

test('nodes are picked from what the device offers', async () => {
  const { user } = openConsole('/adapters/new?connector=opcua-source@1', establishedPlant());
  await user.type(await screen.findByRole('textbox', { name: /^Address/ }), 'opc.tcp://press:4840');
  await waitFor(() => expect(screen.getByRole('button', { name: 'Browse' })).toBeEnabled());
  await user.click(screen.getByRole('button', { name: 'Browse' }));
  const dialog = await screen.findByRole('dialog', { name: 'Browse the device' });
  await user.click(await within(dialog).findByRole('button', { name: 'Open Press' }));
  await user.click(await within(dialog).findByRole('checkbox', { name: 'All 2 values shown' }));
  await user.click(within(dialog).getByRole('checkbox', { name: 'Pressure' }));
  await user.click(within(dialog).getByRole('button', { name: 'Add one point' }));

  expect(await screen.findByRole('textbox', { name: 'Node, row 1' })).toHaveValue('s=Temperature');
  expect(screen.getByRole('textbox', { name: 'Deadband, row 1' })).toHaveValue('0');
  expect(screen.getByText('1 row')).toBeVisible();
});

test('a branch is opened by the path to it', async () => {
  const device = establishedPlant().device;
  const { user } = openConsole(
    '/adapters/new?connector=opcua-source@1',
    establishedPlant({ device: { ...device, '/Line 1/Press': device['s=Press'] ?? [] } }),
  );
  await user.type(await screen.findByRole('textbox', { name: /^Address/ }), 'opc.tcp://press:4840');
  await waitFor(() => expect(screen.getByRole('button', { name: 'Browse' })).toBeEnabled());
  await user.click(screen.getByRole('button', { name: 'Browse' }));
  const dialog = await screen.findByRole('dialog', { name: 'Browse the device' });
  await user.type(within(dialog).getByRole('textbox', { name: /^Go to a path/ }), '/Line 1/Press{Enter}');
  expect(await within(dialog).findByRole('checkbox', { name: 'Pressure' })).toBeVisible();
  expect(within(dialog).getByRole('button', { name: '/ Line 1' })).toBeVisible();
});

const start: Schemas['Method'] = {
  gatewayId: 'gw-1',
  assetId: 'press-07',
  name: 'start',
  adapterId: 'press-07',
  arguments: [
    { name: 'recipe', several: false, min: null, max: null },
    { name: 'count', several: false, min: 1, max: 100 },
    { name: 'steps', several: true, min: 0, max: 50 },
  ],
  rule: { min: null, max: null, intervalMs: null, onlyIf: null, onlyIfValue: null },
};

const callable = (change: Partial<PlantState> = {}) => {
  const plant = establishedPlant({ methods: [start, { ...start, name: 'stop', rule: null }], ...change });
  const adapter = plant.adapters[0];
  if (adapter) plant.adapters[0] = { ...adapter, points: [{ name: 'start', method: true } as never] };
  return plant;
};

test('a method is called after a second look, and says what it gave back', async () => {
  const { user, state } = openConsole('/adapters/press-07', callable());
  expect(await screen.findByRole('button', { name: 'Call press-07/stop…' })).toBeDisabled();
  await user.click(screen.getByRole('button', { name: 'Call press-07/start…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Call press-07/start' });
  await user.type(within(dialog).getByRole('textbox', { name: 'recipe' }), 'A-17');
  await user.type(within(dialog).getByRole('textbox', { name: 'count' }), '101');
  expect(within(dialog).getByRole('button', { name: 'Continue' })).toBeDisabled();
  await user.clear(within(dialog).getByRole('textbox', { name: 'count' }));
  await user.type(within(dialog).getByRole('textbox', { name: 'count' }), '3');
  await user.type(within(dialog).getByRole('textbox', { name: 'steps' }), '1, 2.5');
  await user.click(within(dialog).getByRole('button', { name: 'Continue' }));
  expect(within(dialog).getByText(/press-07\/start with recipe A-17, count 3, steps 1, 2.5/)).toBeVisible();
  expect(state.writes).toHaveLength(0);

  await user.click(within(dialog).getByRole('button', { name: 'Call on the device' }));
  const done = await screen.findByRole('dialog', { name: 'press-07/start was carried out' });
  expect(within(done).getByText('A-17')).toBeVisible();
  expect(within(done).getByText('[1,2.5]')).toBeVisible();
  expect(state.writes).toEqual(['POST /methods/call']);
});

test('why a gateway called nothing stays in the dialog', async () => {
  const writeRefusal = "Method 'press-07/start' may be called only while 'running' is false, it is true.";
  const { user } = openConsole(
    '/adapters/press-07',
    callable({ writeRefusal, methods: [{ ...start, arguments: [] }] }),
  );
  await user.click(await screen.findByRole('button', { name: 'Call press-07/start…' }));
  await user.click(await screen.findByRole('button', { name: 'Continue' }));
  await user.click(screen.getByRole('button', { name: 'Call on the device' }));
  expect(await screen.findByText(writeRefusal)).toBeVisible();
});

test('a device that cannot be browsed says why', async () => {
  const { user } = openConsole('/adapters/new?connector=opcua-source@1', establishedPlant({ device: {} }));
  await user.type(await screen.findByRole('textbox', { name: /^Address/ }), 'opc.tcp://press:4840');
  await waitFor(() => expect(screen.getByRole('button', { name: 'Browse' })).toBeEnabled());
  await user.click(screen.getByRole('button', { name: 'Browse' }));
  const dialog = await screen.findByRole('dialog', { name: 'Browse the device' });
  expect(await within(dialog).findByText('The gateway could not browse the device')).toBeVisible();
  expect(within(dialog).getByText('connection: 0x80AC0000 Bad_ConnectionRejected')).toBeVisible();
});

test('what the control plane refuses is marked at its cell and goes away with the next edit', async () => {
  const { user } = openConsole('/adapters/press-07', establishedPlant());
  await screen.findByRole('textbox', { name: 'Name, row 2' });
  server.use(
    http.put('*/api/v1/adapters/press-07', () =>
      problem(422, 'Not valid', "Adapter 'press-07' has errors.", [
        { pointer: '/points/1/name', message: 'is used twice' },
        { pointer: '/parameters/host', message: 'is not a host name' },
      ]),
    ),
  );
  await user.click(screen.getByRole('button', { name: 'Save' }));
  const name = screen.getByRole('textbox', { name: 'Name, row 2' });
  await waitFor(() => expect(name).toHaveAccessibleDescription('is used twice'));
  expect(screen.getByRole('textbox', { name: /^Host/ })).toHaveAttribute('aria-invalid', 'true');
  await user.type(name, '2{Enter}');
  expect(screen.getByRole('textbox', { name: 'Name, row 2' })).not.toHaveAttribute('aria-invalid');
});

test('an adapter somebody else changed is not overwritten', async () => {
  const { user, state } = openConsole('/adapters/press-07', establishedPlant());
  await screen.findByRole('textbox', { name: 'Name, row 1' });
  state.adapters[0]!.version = 4;
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText('Changed by somebody else')).toBeVisible();
  expect(state.writes).toEqual(['PUT /adapters/press-07 "3"']);
});

test('an adapter tells how it does where it runs, and how near its ceiling it is', async () => {
  openConsole('/adapters/press-07', establishedPlant());
  const run = await screen.findByRole('region', { name: 'On gw-1' });
  expect(within(run).getByText('Running')).toBeVisible();
  expect(within(run).getByText('4 of 10')).toBeVisible();
  expect(within(run).getByText('2 ms')).toBeVisible();
  expect(within(run).getByText('99 of 100 within 50 ms')).toBeVisible();
  expect(within(run).getByText('12 failed, 3 skipped, 0 held back')).toBeVisible();
  expect(within(run).getByText('64 could not be')).toBeVisible();
  expect(within(run).getByText(/0x02 ILLEGAL_DATA_ADDRESS/)).toHaveTextContent(
    '0x02 ILLEGAL_DATA_ADDRESS 40',
  );
});

test('a source that asks nobody has no load, and a silent gateway says so', async () => {
  const lastHeartbeatAt = new Date(Date.now() - 3 * 60_000).toISOString();
  const told = source({ requests: null, goodPoints: 0, badPoints: 0, errors: {} });
  openConsole(
    '/adapters/press-07',
    establishedPlant({
      gateways: [
        gateway({
          health: 'OFFLINE',
          lastHeartbeatAt,
          routes: [route('adapter.press-07', { source: told })],
        }),
      ],
    }),
  );
  const run = await screen.findByRole('region', { name: 'On gw-1' });
  expect(run).toHaveTextContent('the gateway is silent; as of 3 min ago');
  expect(within(run).queryByText('Requests to the device')).toBeNull();
  expect(within(run).queryByText('Values read')).toBeNull();
});

test('an adapter that runs nowhere says what to do', async () => {
  openConsole('/adapters/press-07', establishedPlant({ gateways: [] }));
  expect(await screen.findByText('It runs on no gateway: activate a deployment that has it.')).toBeVisible();
});

test('a table of five thousand points renders only what is in sight', async () => {
  const points = Array.from({ length: 5000 }, (_, index) => ({
    name: `pt_${index}`,
    address: 40001 + index,
  }));
  const state = establishedPlant();
  state.adapters[0]!.points = points;
  openConsole('/adapters/press-07', state);
  expect(await screen.findByText('5000 rows')).toBeVisible();
  expect(screen.getAllByRole('textbox', { name: /^Address, row/ }).length).toBeLessThan(50);
});

test('the list shows how each adapter does and is filtered by it', async () => {
  const adapters = ['press-07', 'press-08', 'press-09'].map((id) => ({
    ...establishedPlant().adapters[0]!,
    id,
    name: id,
    asset: id,
  }));
  const detail = 'connection: no answer to 3 requests in a row at 10.20.4.17:502';
  const { user } = openConsole(
    '/adapters',
    establishedPlant({
      adapters,
      gateways: [
        gateway({
          routes: [
            route('adapter.press-07', { outPerS: 12 }),
            route('adapter.press-08', { state: 'DEGRADED', outPerS: 0, detail }),
          ],
        }),
      ],
    }),
  );
  expect(await screen.findByRole('row', { name: /press-07 Running gw-1 12 Modbus TCP/ })).toBeVisible();
  expect(screen.getByRole('row', { name: /press-08 Degraded gw-1 ?connection: no answer/ })).toBeVisible();
  expect(screen.getByRole('row', { name: /press-09 Not deployed –/ })).toBeVisible();

  await user.type(screen.getByRole('searchbox'), 'degraded');
  expect(screen.queryByRole('row', { name: /press-07/ })).toBeNull();
  expect(screen.getByRole('row', { name: /press-08/ })).toBeVisible();
});

test('a copy has everything but name, id and asset', async () => {
  const { user, state } = openConsole('/adapters/press-07', establishedPlant());
  await user.click(await screen.findByRole('button', { name: 'Copy' }));
  expect(await screen.findByRole('heading', { name: 'New adapter' })).toBeVisible();
  expect(await screen.findByRole('textbox', { name: /^Host/ })).toHaveValue('10.20.4.17');
  await user.type(screen.getByRole('textbox', { name: /^Name(?!,)/ }), 'Press 08');
  await user.type(screen.getByRole('textbox', { name: /^Asset(?!,)/ }), 'press-08');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(state.adapters).toHaveLength(2));
  expect(state.adapters[1]).toMatchObject({
    id: 'press-08',
    parameters: state.adapters[0]!.parameters,
    points: state.adapters[0]!.points,
  });
});
