import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { establishedPlant, FINGERPRINT, freshPlant } from '@/testing/plant';
import { openConsole } from '../testing';

test('first run creates the administrator, names the plant and loads the demo plant on an approved gateway', async () => {
  const { user, state } = openConsole('/', freshPlant());

  await user.type(await screen.findByLabelText('Password'), 'short');
  await user.click(screen.getByRole('button', { name: 'Create administrator' }));
  expect(screen.getByText('must have at least 12 characters, got 5')).toBeVisible();
  expect(screen.getByText('The two passwords differ')).toBeVisible();
  await user.type(screen.getByLabelText('Password'), ' but now long');
  await user.type(screen.getByLabelText('Password again'), 'short but now long');
  await user.click(screen.getByRole('button', { name: 'Create administrator' }));

  await user.type(await screen.findByLabelText('Plant name'), 'Plant North');
  await user.selectOptions(screen.getByLabelText('Time zone'), 'Europe/Berlin');
  await user.click(screen.getByRole('button', { name: 'Continue' }));

  await user.type(await screen.findByLabelText('Fingerprint printed by the gateway'), FINGERPRINT);
  await user.click(screen.getByRole('button', { name: 'Approve' }));
  await user.click(await screen.findByRole('button', { name: 'Load the demo plant' }));

  expect(await screen.findByRole('heading', { name: 'Gateways and their flow' })).toBeVisible();
  expect(state.writes).toEqual([
    'POST /auth/first-admin',
    'PUT /plant "1"',
    'POST /gateways/gw-1/approve',
    'POST /demo-plant',
  ]);
});

test('a wrong password is said plainly, the right one leads to where one wanted to go', async () => {
  const { user } = openConsole('/adapters', establishedPlant({ signedIn: false }));

  await user.type(await screen.findByLabelText('User name'), 'admin');
  await user.type(screen.getByLabelText('Password'), 'wrong');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('User name or password is wrong.');

  await user.clear(screen.getByLabelText('Password'));
  await user.type(screen.getByLabelText('Password'), 'correct horse battery');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(await screen.findByRole('heading', { name: 'Adapters' })).toBeVisible();
});

test('a session that ended leads to the login', async () => {
  const { user, state } = openConsole('/overview', establishedPlant());
  await screen.findByRole('heading', { name: 'Gateways and their flow' });
  await user.click(screen.getByRole('button', { name: 'Sign out admin' }));
  expect(await screen.findByRole('heading', { name: 'Sign in to StreamForge' })).toBeVisible();
  expect(state.signedIn).toBe(false);
});

test('an address that does not exist is named, and there is a way on', async () => {
  const { user } = openConsole('/alarm/kpis', establishedPlant());
  expect(await screen.findByRole('heading', { name: 'Not found' })).toBeVisible();
  expect(screen.getByText('There is no page at /alarm/kpis.')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Overview' }));
  expect(await screen.findByRole('heading', { name: 'Gateways and their flow' })).toBeVisible();
});
