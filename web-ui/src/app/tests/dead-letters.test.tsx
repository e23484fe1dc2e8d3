import { screen, within } from '@testing-library/react';
import { http } from 'msw';
import { expect, test } from 'vitest';
import { deadLetter, establishedPlant, problem } from '@/testing/plant';
import { server } from '@/testing/server';
import { openConsole } from '../testing';

const letters = () => [
  deadLetter('l1'),
  deadLetter('l2', { value: 251 }),
  deadLetter(
    'l3',
    { reasonCode: 'BAD_FRAME', reason: 'A record must begin with 0x00.', value: null, parameter: null },
    { record: null, actions: ['REPROCESS', 'DISCARD'] },
  ),
];

test('a letter says why it was refused, what it holds and what its bytes are', async () => {
  const { user } = openConsole('/dead-letters', establishedPlant({ deadLetters: letters() }));
  await user.click(await screen.findByRole('row', { name: /250 °C/ }));
  const drawer = await screen.findByRole('dialog', { name: 'Dead letter' });
  expect(await within(drawer).findByText(/must be at most 100, got 250.0/)).toBeVisible();
  expect(within(drawer).getByText('00 00 00 01')).toBeVisible();
  await user.click(within(drawer).getByRole('button', { name: 'As base64' }));
  expect(within(drawer).getByText('AAAAAQ==')).toBeVisible();
  expect(within(drawer).getByText(/"asset_id": "press-07"/)).toBeVisible();
});

test('approving asks first; the letter then waits for its gateway without a reload', async () => {
  const { user, state } = openConsole(
    '/dead-letters?letter=l1',
    establishedPlant({ deadLetters: letters() }),
  );
  await user.click(await screen.findByRole('button', { name: 'Approve' }));
  const question = await screen.findByRole('dialog', { name: 'Approve this record?' });
  await user.click(within(question).getByRole('button', { name: 'Approve' }));
  expect((await screen.findAllByText('Approve: waits for the gateway')).length).toBeGreaterThan(0);
  expect(state.writes).toEqual(['POST /dlq/l1/approve']);
});

test('a value that does not fit keeps the question open with the reason; a number passes', async () => {
  const { user, state } = openConsole(
    '/dead-letters?letter=l1',
    establishedPlant({ deadLetters: letters() }),
  );
  await user.click(await screen.findByRole('button', { name: 'Edit and approve' }));
  const question = await screen.findByRole('dialog', { name: 'Approve with another value?' });
  const value = within(question).getByLabelText('New value (°C)');
  expect(within(question).getByRole('button', { name: 'Edit and approve' })).toBeDisabled();
  await user.clear(value);
  await user.type(value, 'hot');
  await user.click(within(question).getByRole('button', { name: 'Edit and approve' }));
  expect(await within(question).findByText(/value must be a number/)).toBeVisible();
  await user.clear(value);
  await user.type(value, '25.5');
  await user.click(within(question).getByRole('button', { name: 'Edit and approve' }));
  expect((await screen.findAllByText('Edit and approve: waits for the gateway')).length).toBeGreaterThan(0);
  expect(state.deadLetters[0]?.letter.decision?.value).toBe(25.5);
});

test('what cannot be read can be discarded but not approved', async () => {
  openConsole('/dead-letters?letter=l3', establishedPlant({ deadLetters: letters() }));
  expect(await screen.findByText('The bytes cannot be read as a record.')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Discard' })).toBeEnabled();
  expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull();
});

test('all of one reason are reprocessed in three clicks, with their number', async () => {
  const { user, state } = openConsole('/dead-letters', establishedPlant({ deadLetters: letters() }));
  await user.click(await screen.findByRole('button', { name: 'Out of range 2' }));
  await user.click(await screen.findByRole('button', { name: 'Reprocess all (2)' }));
  const question = await screen.findByRole('dialog', { name: 'Reprocess 2 letters?' });
  expect(within(question).getByText('Out of range')).toBeVisible();
  await user.click(within(question).getByRole('button', { name: 'Reprocess' }));
  expect(await screen.findByText('Decision entered for 2 letters')).toBeVisible();
  expect(state.writes).toEqual(['POST /dlq/bulk']);
  expect(state.deadLetters.map(({ letter }) => letter.decision?.action)).toEqual([
    'REPROCESS',
    'REPROCESS',
    undefined,
  ]);
});

test('the room says whether there is nothing at all, nothing to decide or nothing that fits', async () => {
  const { user } = openConsole('/dead-letters', establishedPlant());
  expect(await screen.findByText('Nothing waits for a decision.')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Show those already decided' }));
  expect(await screen.findByText('Records that a stage cannot let through come here.')).toBeVisible();
  await user.type(screen.getByRole('searchbox', { name: 'Asset' }), 'oven');
  expect(await screen.findByText('No dead letter fits the filter.')).toBeVisible();
});

test('a list that cannot be read says why and tries again', async () => {
  const { user } = openConsole('/overview', establishedPlant({ deadLetters: letters() }));
  await screen.findByRole('heading', { name: 'Gateways and their flow' });
  server.use(
    http.get('*/api/v1/dlq', () => problem(400, 'Bad cursor', 'The cursor is unknown.'), { once: true }),
  );
  await user.click(await screen.findByRole('link', { name: /^Dead letters ?3$/ }));
  expect(await screen.findByText('The cursor is unknown.')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('row', { name: /250 °C/ })).toBeVisible();
});

test('rows are walked with J and opened with Enter', async () => {
  const { user } = openConsole('/dead-letters', establishedPlant({ deadLetters: letters() }));
  (await screen.findByRole('row', { name: /250 °C/ })).focus();
  await user.keyboard('j');
  expect(screen.getByRole('row', { name: /251 °C/ })).toHaveFocus();
  await user.keyboard('{Enter}');
  expect(await screen.findByRole('dialog', { name: 'Dead letter' })).toBeVisible();
});
