import { screen, waitFor, within } from '@testing-library/react';
import { http } from 'msw';
import { expect, test } from 'vitest';
import { establishedPlant, gateway } from '@/testing/plant';
import { server } from '@/testing/server';
import { openConsole } from '../testing';

test('the diff shows each field before and after, and activating asks first', async () => {
  const { user, state } = openConsole('/deployments/line-7', establishedPlant());

  const diff = await screen.findByRole('table', { name: 'What activating would change' });
  const changed = within(diff).getByRole('row', { name: /adapter.press-07/ });
  expect(changed).toHaveTextContent('Changed/properties/pollIntervalMs1000500');
  expect(within(diff).queryByText('sink.history')).not.toBeInTheDocument();

  await waitFor(() => expect(screen.getByRole('button', { name: 'Activate' })).toBeEnabled());
  await user.click(screen.getByRole('button', { name: 'Activate' }));
  const question = await screen.findByRole('dialog', { name: 'Activate on gw-1?' });
  await user.click(within(question).getByRole('button', { name: 'Activate' }));
  expect(await screen.findByText('Revision 3 activated')).toBeVisible();
  expect(state.writes).toEqual(['POST /deployments/line-7/activate "5"']);
  expect(await screen.findByRole('row', { name: /^3 Waits for the gateway/ })).toBeVisible();
});

test('a rule set whose name is not there yet does not look like none', async () => {
  openConsole('/deployments/line-7', establishedPlant());
  server.use(http.get('*/api/v1/rules', () => new Promise<never>(() => {})));
  expect(await screen.findByRole('combobox', { name: 'Rule set' })).toHaveValue('plant-rules');
});

test('a changed draft must be saved before it can be activated', async () => {
  const { user, state } = openConsole('/deployments/line-7', establishedPlant());
  await user.click(await screen.findByRole('checkbox', { name: 'History' }));
  expect(screen.getByText('draft, not saved')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Activate' })).toBeDisabled();
  await user.click(screen.getByRole('button', { name: 'Save draft' }));
  await waitFor(() => expect(screen.getByRole('button', { name: 'Activate' })).toBeEnabled());
  expect(state.writes).toEqual(['PUT /deployments/line-7 "5"']);
  expect(state.deployments[0]).toMatchObject({ sinks: [], adapters: ['press-07'], ruleSet: 'plant-rules' });
});

test('a draft that cannot run lists everything that is wrong and cannot be activated', async () => {
  const problems = [
    { pointer: '/adapters/0/parameters/host', message: 'is required' },
    { pointer: '/sinks/0', message: "Unknown sink 'histroy'." },
  ];
  openConsole('/deployments/line-7', establishedPlant({ preflight: { ok: false, problems, plan: null } }));
  expect(await screen.findByText('2 things keep the draft from being activated')).toBeVisible();
  expect(screen.getByText("Unknown sink 'histroy'.", { exact: false })).toBeVisible();
  expect(screen.getByRole('button', { name: 'Activate' })).toBeDisabled();
});

test('a rejected revision says why in its row, and rolling back is two clicks', async () => {
  const state = establishedPlant();
  const reason = 'route sink.history: no such template';
  state.gateways = [
    gateway({ rejected: { hash: state.revisions[0]!.hash, revision: 2, reason }, runningRevision: 1 }),
  ];
  const { user } = openConsole('/deployments/line-7', state);

  const rejected = await screen.findByRole('row', { name: /^2 Rejected/ });
  expect(rejected).toHaveTextContent(reason);
  expect(screen.getByRole('row', { name: /^1 Running/ })).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Roll back to revision 1' }));
  const question = await screen.findByRole('dialog', { name: 'Roll back to revision 1' });
  await user.click(within(question).getByRole('button', { name: 'Roll back' }));
  expect(await screen.findByText('Revision 1 activated')).toBeVisible();
  expect(state.writes).toEqual(['POST /deployments/line-7/revisions/1/activate']);
});

test('how stages deliver is chosen per deployment', async () => {
  const { user, state } = openConsole('/deployments/line-7', establishedPlant());
  const choice = await screen.findByRole('combobox', { name: 'Delivery between stages' });
  expect(choice).toHaveValue('exactly-once');
  await user.selectOptions(choice, 'at-least-once');
  await user.click(screen.getByRole('button', { name: 'Save draft' }));
  await waitFor(() => expect(state.deployments[0]).toMatchObject({ delivery: 'at-least-once' }));
});

test('a deployment is composed of what exists', async () => {
  const { user, state } = openConsole(
    '/deployments/new',
    establishedPlant({ deployments: [], revisions: [] }),
  );
  await user.type(await screen.findByRole('textbox', { name: /^Name/ }), 'Line 8');
  await user.click(await screen.findByRole('checkbox', { name: 'Press 07' }));
  await user.click(screen.getByRole('checkbox', { name: 'History' }));
  await user.click(screen.getByRole('button', { name: 'Save draft' }));
  expect(await screen.findByRole('heading', { name: 'Line 8' })).toBeVisible();
  expect(state.deployments[0]).toMatchObject({
    id: 'line-8',
    gatewayId: 'gw-1',
    adapters: ['press-07'],
    sinks: ['history'],
    ruleSet: 'plant-rules',
  });
});
