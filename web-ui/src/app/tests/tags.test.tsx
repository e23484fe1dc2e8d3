import { notifications } from '@mantine/notifications';
import { act, screen, waitFor, within } from '@testing-library/react';
import { http } from 'msw';
import { afterEach, expect, test, vi } from 'vitest';
import type { Schemas } from '@/api/types';
import { FakeEventSource } from '@/testing/event-source';
import { establishedPlant } from '@/testing/plant';
import { server } from '@/testing/server';
import { openConsole } from '../testing';

afterEach(() => {
  vi.useRealTimers();
  notifications.clean();
});

const value = (change: Partial<Schemas['TagValue']> = {}): Schemas['TagValue'] => ({
  assetId: 'press-07',
  parameter: 'temperature',
  value: 24.1,
  unit: 'Cel',
  quality: 'GOOD',
  reason: null,
  deviceTime: null,
  gatewayTime: new Date().toISOString(),
  ...change,
});

async function watched(count: number) {
  await waitFor(() => {
    const tags = new URL(FakeEventSource.open[0]?.url ?? '/', 'http://x').searchParams.getAll('tag');
    expect(tags).toHaveLength(count);
  });
  return FakeEventSource.open[0]!;
}

test('values are live with unit, quality and age, and go stale when nothing comes any more', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  openConsole('/tags', establishedPlant());
  const row = await screen.findByRole('row', { name: /press-07 ?temperature/ });
  expect(row).toHaveTextContent('connecting');
  const source = await watched(2);
  act(() => source.emit('state', { state: 'LIVE' }));
  expect(row).toHaveTextContent('waiting for values');
  const other = screen.getByRole('row', { name: /press-07 ?pressure/ });
  act(() => source.emit('values', [value()]));
  expect(other).toHaveTextContent('no value of this name');

  act(() => {
    source.emit('values', [
      value(),
      value({ parameter: 'pressure', value: null, quality: 'BAD', reason: '0x02 ILLEGAL_DATA_ADDRESS' }),
    ]);
  });
  expect(within(row).getByText('24.1')).toBeVisible();
  expect(within(row).getByText('°C')).toBeVisible();
  expect(within(row).getByText('Good')).toBeVisible();
  const bad = screen.getByRole('row', { name: /press-07 ?pressure/ });
  expect(bad).toHaveTextContent('Bad: 0x02 ILLEGAL_DATA_ADDRESS');
  expect(within(bad).getByText('–')).toHaveClass('hatched');

  await act(() => vi.advanceTimersByTimeAsync(12_000));
  expect(within(row).getByText('Stale')).toBeVisible();
  expect(within(row).getByText('24.1')).toHaveClass('hatched');
  expect(row).toHaveTextContent('12 s');

  act(() => source.emit('values', [value({ value: 24.3, gatewayTime: new Date().toISOString() })]));
  expect(within(row).getByText('24.3')).not.toHaveClass('hatched');
});

test('values are stale at once when the stream breaks or the gateway goes offline', async () => {
  openConsole('/tags', establishedPlant());
  const row = await screen.findByRole('row', { name: /press-07 ?temperature/ });
  const source = await watched(2);
  act(() => source.emit('values', [value()]));
  expect(within(row).getByText('Good')).toBeVisible();
  act(() => source.fail());
  expect(within(row).getByText('Stale')).toBeVisible();
  act(() => source.emit('values', [value({ gatewayTime: new Date(Date.now() + 1000).toISOString() })]));
  expect(within(row).getByText('Good')).toBeVisible();
  act(() => source.emit('state', { state: 'GATEWAY_OFFLINE' }));
  expect(within(row).getByText('Stale')).toBeVisible();
});

test('a row whose tags are named by their data says so, and offers no trend of its own', async () => {
  const plant = establishedPlant();
  plant.tags = [{ ...plant.tags[0]!, assetId: '{device}', parameter: 'temperature' }, ...plant.tags];
  const { user, router } = openConsole('/tags', plant);
  const row = await screen.findByRole('row', { name: /{device}/ });
  expect(row).toHaveTextContent('its data names the tags');
  await user.click(row);
  await user.keyboard('x');
  expect(router.state.location.search).toEqual({});
});

test('a tag is found by the server and trended from history and live values, as a table too', async () => {
  const now = Date.now();
  const history = [30, 20, 10].map((ago) => ({
    time: new Date(now - ago * 1000).toISOString(),
    value: 20 + ago / 10,
    min: null,
    max: null,
    quality: 'GOOD' as const,
  }));
  const { user, router } = openConsole('/tags', establishedPlant({ history }));
  await user.type(await screen.findByRole('searchbox', { name: 'Filter asset or parameter' }), 'temp');
  await waitFor(() => expect(screen.queryByRole('row', { name: /pressure/ })).not.toBeInTheDocument());
  await user.click(screen.getByRole('row', { name: /press-07 ?temperature/ }));
  expect(router.state.location.search).toMatchObject({ q: 'temp', trend: 'gw-1/press-07/temperature' });

  await user.click(await screen.findByRole('button', { name: 'As table' }));
  const source = await watched(1);
  act(() => source.emit('values', [value({ value: 25.5 })]));
  const table = screen.getByRole('grid', { name: 'Trend' });
  await waitFor(() => expect(within(table).getAllByRole('row')).toHaveLength(5));
  expect(within(table).getAllByRole('row')[1]).toHaveTextContent('25.5 °C');
  expect(within(table).getByRole('row', { name: /23 °C Good/ })).toBeVisible();
});

test('a writable tag is written after its value and what it replaces were seen twice', async () => {
  const { user, state: plant } = openConsole('/tags', establishedPlant());
  const row = await screen.findByRole('row', { name: /press-07 ?temperature/ });
  const source = await watched(2);
  act(() => source.emit('values', [value()]));
  await user.click(row);
  expect(screen.queryByRole('button', { name: 'Write pressure…' })).not.toBeInTheDocument();

  await user.click(await screen.findByRole('button', { name: 'Write temperature…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Write press-07/temperature' });
  expect(within(dialog).getByText('At most 30 °C')).toBeVisible();
  expect(within(dialog).getByText(/Only while running is true/)).toBeVisible();
  const input = within(dialog).getByRole('textbox', { name: 'New value (°C)' });
  await user.type(input, '31');
  expect(within(dialog).getByRole('button', { name: 'Continue' })).toBeDisabled();
  await user.clear(input);
  await user.type(input, '30');
  await user.click(within(dialog).getByRole('button', { name: 'Continue' }));
  expect(within(dialog).getByRole('status')).toHaveTextContent(
    '24.1 becomes 30 °C on the device behind gw-1',
  );
  expect(plant.writes).toHaveLength(0);

  await user.click(within(dialog).getByRole('button', { name: 'Write to the device' }));
  expect(await screen.findByText(/was 24.1 and is 30, read back from the device/)).toBeVisible();
  expect(plant.writes).toEqual(['POST /tags/write']);
  expect(screen.queryByRole('dialog', { name: /Write/ })).not.toBeInTheDocument();
});

test('why a gateway wrote nothing stays in the dialog', async () => {
  const writeRefusal =
    "Point 'press-07/temperature' may be written only while 'running' is true, it is false.";
  const { user } = openConsole('/tags', establishedPlant({ writeRefusal }));
  await user.click(await screen.findByRole('row', { name: /press-07 ?temperature/ }));
  await user.click(await screen.findByRole('button', { name: 'Write temperature…' }));
  await user.type(await screen.findByRole('textbox', { name: /New value/ }), '20');
  await user.click(screen.getByRole('button', { name: 'Continue' }));
  await user.click(screen.getByRole('button', { name: 'Write to the device' }));
  expect(await screen.findByText(writeRefusal)).toBeVisible();
});

test('a lost connection is said in a banner and makes every value stale', async () => {
  openConsole('/tags', establishedPlant());
  const row = await screen.findByRole('row', { name: /press-07 ?temperature/ });
  const source = await watched(2);
  act(() => source.emit('values', [value()]));
  server.use(http.get('*/health/live', () => Response.error()));
  expect(await screen.findByRole('alert')).toHaveTextContent(/Connection to the control plane lost/);
  expect(within(row).getByText('Stale')).toBeVisible();
  server.resetHandlers();
});
