import { screen, waitFor, within } from '@testing-library/react';
import { http } from 'msw';
import { expect, test } from 'vitest';
import type { Schemas } from '@/api/types';
import { establishedPlant, FINGERPRINT, gateway, ledger, problem } from '@/testing/plant';
import { server } from '@/testing/server';
import { openConsole } from '../testing';

const AT = '2026-11-20T22:00:00Z';

test('a wrong fingerprint is refused, the right one lets the gateway in', async () => {
  const pending = gateway({ status: 'PENDING', health: 'OFFLINE', routes: [] });
  const { user, state } = openConsole('/overview', establishedPlant({ gateways: [pending] }));

  await user.click(await screen.findByRole('link', { name: 'Compare its fingerprint' }));
  const drawer = await screen.findByRole('dialog', { name: 'gw-1' });
  const fingerprint = within(drawer).getByLabelText('Fingerprint printed by the gateway');
  expect(within(drawer).getByRole('button', { name: 'Approve' })).toBeDisabled();
  await user.type(fingerprint, '00:11:22');
  await user.click(within(drawer).getByRole('button', { name: 'Approve' }));
  expect(await within(drawer).findByRole('alert')).toHaveTextContent('The fingerprint does not match');
  expect(within(drawer).getByText('req-4711')).toBeVisible();
  expect(state.gateways[0]?.status).toBe('PENDING');

  await user.clear(fingerprint);
  await user.type(fingerprint, FINGERPRINT.toUpperCase());
  await user.click(within(drawer).getByRole('button', { name: 'Approve' }));
  expect(await within(drawer).findByRole('button', { name: 'Revoke' })).toBeVisible();
  expect(state.gateways[0]?.status).toBe('APPROVED');
});

test('a route is restarted after a question', async () => {
  const { user, state } = openConsole('/gateways?gateway=gw-1', establishedPlant());
  await user.click(await screen.findByRole('button', { name: 'Restart sink.history' }));
  const question = await screen.findByRole('dialog', { name: 'Restart sink.history' });
  await user.click(within(question).getByRole('button', { name: 'Restart' }));
  expect(await screen.findByText('sink.history restarted')).toBeVisible();
  expect(state.writes).toEqual(['POST /gateways/gw-1/routes/sink.history/restart']);
});

test('the ledger says what became of readings, and that nothing is missing', async () => {
  openConsole('/gateways?gateway=gw-1', establishedPlant());
  const panel = await screen.findByRole('region', { name: 'What became of readings' });
  expect(await within(panel).findByText(/Nothing is missing/)).toBeVisible();
  const cells = within(within(panel).getByRole('row', { name: /press-07 86,400/ })).getAllByRole('cell');
  expect(cells.map((cell) => cell.textContent)).toEqual([
    'press-07',
    '86,400',
    '3',
    '86,386',
    '12',
    '5',
    '7',
    '12',
    '15',
  ]);
  expect(
    within(panel).getByText('lost before the stream: 12 messages (QoS 0, the stream was slow)'),
  ).toBeVisible();
  expect(within(panel).getByText('1 poll skipped (the stream was slow)')).toBeVisible();
  expect(within(panel).getByText('1,200 (OF_TOMORROW)')).toBeVisible();
  const delivered = within(panel).getByRole('row', { name: /sink.history/ });
  expect(within(delivered).getByText('86,390')).toBeVisible();
});

test('the ledger names what is missing', async () => {
  const gap = { adapterId: 'press-07', epoch: 3, assetId: 'press-07', first: 41, last: 44, minute: AT };
  openConsole(
    '/gateways?gateway=gw-1',
    establishedPlant({ ledger: ledger({ missing: 4, unbalanced: 2, gaps: 1, latestGaps: [gap] }) }),
  );
  const panel = await screen.findByRole('region', { name: 'What became of readings' });
  expect(
    await within(panel).findByText('The sums of 2 minutes of series do not balance, by 4 readings.'),
  ).toBeVisible();
  expect(within(panel).getByText('A sequence has a gap.')).toBeVisible();
  expect(
    within(panel).getByText(/Adapter press-07, epoch 3, asset press-07: 41 to 44 missing/),
  ).toBeVisible();
});

test('a stage is replayed into a side topic, shows its progress and is cancelled', async () => {
  const { user, state } = openConsole('/gateways?gateway=gw-1', establishedPlant());
  await user.click(await screen.findByRole('button', { name: 'Replay validate.telemetry' }));
  const dialog = await screen.findByRole('dialog', { name: 'Replay validate.telemetry' });
  const begin = within(dialog).getByRole('button', { name: 'Start the replay' });
  expect(begin).toBeDisabled();
  expect(within(dialog).getByText('Takes the results, for instance validate.telemetry.replay')).toBeVisible();
  const into = within(dialog).getByRole('textbox', { name: 'Side topic' });
  await user.type(into, 'telemetry.clean');
  await user.click(begin);
  expect(await within(dialog).findByRole('alert')).toHaveTextContent('belongs to the live path');
  await user.type(into, '.replay');
  await user.click(begin);
  expect(await screen.findByText('validate.telemetry is replayed')).toBeVisible();

  const list = await screen.findByRole('grid', { name: 'Replays' });
  expect(within(list).getByText('telemetry.clean.replay')).toBeVisible();
  expect(list).toHaveTextContent('Running1,200 of 5,000');
  await user.click(within(list).getByRole('button', { name: 'Cancel the replay of validate.telemetry' }));
  expect(await within(list).findByText('Cancelled')).toBeVisible();
  expect(state.writes).toEqual([
    'POST /gateways/gw-1/replays',
    'POST /gateways/gw-1/replays',
    'POST /gateways/gw-1/replays/r1/cancel',
  ]);
});

test('an adapter has nothing to replay, a sink no side topic', async () => {
  const { user } = openConsole('/gateways?gateway=gw-1', establishedPlant());
  await user.click(await screen.findByRole('button', { name: 'Replay sink.history' }));
  const dialog = await screen.findByRole('dialog', { name: 'Replay sink.history' });
  expect(within(dialog).getByRole('button', { name: 'Start the replay' })).toBeEnabled();
  expect(within(dialog).queryByRole('textbox', { name: 'Side topic' })).not.toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Replay adapter.press-07' })).not.toBeInTheDocument();
});

test('what does not exist is not found, and is not tried again', async () => {
  openConsole('/adapters/press-08', establishedPlant());
  expect(await screen.findByRole('heading', { name: 'Not found' })).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Try again' })).not.toBeInTheDocument();
});

test('a link to a gateway that is gone says so', async () => {
  openConsole('/gateways?gateway=gw-9', establishedPlant());
  expect(await screen.findByText('There is no gateway gw-9 any more.')).toBeVisible();
  expect(screen.getByRole('row', { name: /gw-1/ })).toBeVisible();
});

test('a rejected revision shows its reason and what runs on', async () => {
  const rejected = { hash: 'sha256:3', revision: 3, reason: "Unknown template 'valdiate'. Known: validate." };
  openConsole(
    '/gateways?gateway=gw-1',
    establishedPlant({ gateways: [gateway({ rejected, desiredRevision: 3 })] }),
  );
  expect(await screen.findByText('Revision 3 was rejected; revision 2 keeps running.')).toBeVisible();
  expect(screen.getByText(rejected.reason)).toBeVisible();
});

test('an enrolment token comes with the line that starts the gateway', async () => {
  const { user } = openConsole('/gateways', establishedPlant());
  await user.click(await screen.findByRole('button', { name: 'Add a gateway' }));
  const dialog = await screen.findByRole('dialog', { name: 'Add a gateway' });
  await user.type(within(dialog).getByLabelText('Name of the gateway'), 'gw-west');
  await user.click(within(dialog).getByRole('button', { name: 'Create token' }));
  expect(
    await within(dialog).findByText(
      './streamforge gateway --name gw-west --control-plane http://localhost:3000 --token sfe_secret',
    ),
  ).toBeVisible();
});

test('a list that cannot be read says why, with the request id, and tries again', async () => {
  const { user } = openConsole('/gateways', establishedPlant());
  await screen.findByRole('row', { name: /gw-1/ });
  server.use(
    http.get('*/api/v1/adapters', () => problem(400, 'Bad cursor', 'The cursor is unknown.'), { once: true }),
  );
  await user.click(screen.getByRole('link', { name: 'Adapters' }));
  expect(await screen.findByText('The cursor is unknown.')).toBeVisible();
  expect(screen.getByText('req-4711')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('row', { name: /Press 07/ })).toBeVisible();
});

test('rows are walked with J and K and opened with Enter', async () => {
  const { user } = openConsole(
    '/gateways',
    establishedPlant({ gateways: [gateway(), gateway({ id: 'gw-2', name: 'gw-2' })] }),
  );
  const first = await screen.findByRole('row', { name: /gw-1/ });
  first.focus();
  await user.keyboard('j');
  expect(screen.getByRole('row', { name: /gw-2/ })).toHaveFocus();
  await user.keyboard('{Enter}');
  expect(await screen.findByRole('dialog', { name: 'gw-2' })).toBeVisible();
});

const standing: Schemas['DeviceAlarm'] = {
  assetId: 'tank-3',
  eventType: 'Level/HighLevel',
  state: 'UNACKNOWLEDGED',
  eventId: '9f01',
  since: AT,
  condition: {
    conditionId: 'nsu=urn:plant;s=HighLevel',
    branchId: null,
    severity: 800,
    message: 'Level is 90',
    active: false,
    acked: false,
    confirmed: false,
    comment: null,
    user: null,
  },
};

test('an alarm that a device keeps is acknowledged and confirmed', async () => {
  const deviceAlarms = { adapters: [{ adapterId: 'tank', alarms: [standing], error: null }] };
  const { user, state } = openConsole('/gateways?gateway=gw-1', establishedPlant({ deviceAlarms }));
  const panel = await screen.findByRole('region', { name: 'Alarms of devices' });
  expect(await within(panel).findByText('Level is 90')).toBeVisible();
  expect(within(panel).getByText('Unacknowledged')).toBeVisible();
  await user.click(within(panel).getByRole('button', { name: 'Comment Level/HighLevel' }));
  const note = await screen.findByRole('dialog', { name: 'Comment Level/HighLevel' });
  expect(within(note).getByRole('button', { name: 'Comment' })).toBeDisabled();
  await user.type(within(note).getByLabelText('Comment'), 'Jim is on his way');
  await user.click(within(note).getByRole('button', { name: 'Comment' }));
  expect(await within(panel).findByText('“Jim is on his way”')).toBeVisible();
  await user.click(within(panel).getByRole('button', { name: 'Acknowledge Level/HighLevel' }));
  const question = await screen.findByRole('dialog', { name: 'Acknowledge Level/HighLevel' });
  await user.type(within(question).getByLabelText('Comment'), 'seen');
  await user.click(within(question).getByRole('button', { name: 'Acknowledge' }));
  await user.click(await within(panel).findByRole('button', { name: 'Confirm Level/HighLevel' }));
  const second = await screen.findByRole('dialog', { name: 'Confirm Level/HighLevel' });
  await user.click(within(second).getByRole('button', { name: 'Confirm' }));
  expect(await within(panel).findByText('No alarm stands.')).toBeVisible();
  expect(state.writes).toEqual(Array(3).fill('POST /gateways/gw-1/device-alarms/answer'));
});

test('an alarm that changed meanwhile is not answered, and a device that cannot be asked says why', async () => {
  const deviceAlarms = {
    adapters: [
      { adapterId: 'tank', alarms: [standing], error: null },
      { adapterId: 'press', alarms: [], error: 'The server cannot be asked.' },
    ],
  };
  const { user, state } = openConsole('/gateways?gateway=gw-1', establishedPlant({ deviceAlarms }));
  expect(await screen.findByText('The server cannot be asked.')).toBeVisible();
  await user.click(await screen.findByRole('button', { name: 'Acknowledge Level/HighLevel' }));
  const question = await screen.findByRole('dialog', { name: 'Acknowledge Level/HighLevel' });
  state.deviceAlarms = {
    adapters: [{ adapterId: 'tank', alarms: [{ ...standing, eventId: '9f02' }], error: null }],
  };
  await user.click(within(question).getByRole('button', { name: 'Acknowledge' }));
  expect(await within(question).findByRole('alert')).toHaveTextContent('has changed since');
});

test('of a device that cannot be asked nobody says that no alarm stands', async () => {
  const deviceAlarms = {
    adapters: [
      { adapterId: 'tank', alarms: [], error: null },
      { adapterId: 'press', alarms: [], error: 'The server cannot be asked.' },
    ],
  };
  openConsole('/gateways?gateway=gw-1', establishedPlant({ deviceAlarms }));
  const panel = await screen.findByRole('region', { name: 'Alarms of devices' });
  expect(within(panel).getByText('The server cannot be asked.')).toBeVisible();
  expect(within(panel).queryByText('No alarm stands.')).not.toBeInTheDocument();
});

test('a refused certificate is trusted after its fingerprint was compared, and removed again', async () => {
  const certificate = {
    protocol: 'OPC UA',
    fingerprint: 'AB01',
    subject: 'CN=press',
    issuer: 'CN=press',
    uri: 'urn:press',
    validFrom: AT,
    validTo: AT,
    trusted: false,
  };
  const { user, state } = openConsole(
    '/gateways?gateway=gw-1',
    establishedPlant({ certificates: [certificate] }),
  );
  const panel = await screen.findByRole('region', { name: 'Certificates of devices' });
  expect(await within(panel).findByText('Refused')).toBeVisible();
  await user.click(within(panel).getByRole('button', { name: 'Trust CN=press' }));
  const question = await screen.findByRole('dialog', { name: 'Trust CN=press' });
  expect(within(question).getByText('AB:01')).toBeVisible();
  await user.click(within(question).getByRole('button', { name: 'Trust' }));
  expect(await within(panel).findByText('Trusted')).toBeVisible();
  await user.click(within(panel).getByRole('button', { name: 'Remove CN=press' }));
  await user.click(
    within(await screen.findByRole('dialog', { name: 'Remove CN=press' })).getByRole('button', {
      name: 'Remove',
    }),
  );
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Certificates of devices' })).toBeNull());
  expect(state.writes).toEqual([
    'POST /gateways/gw-1/certificates/AB01/trust',
    'DELETE /gateways/gw-1/certificates/AB01',
  ]);
});
