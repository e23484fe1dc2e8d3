import { expect, test } from 'vitest';
import { gateway, route } from '@/testing/plant';
import { stateOf, whereTheyRun } from './runs';

const on = (id: string, state: 'RUNNING' | 'DEGRADED', health: 'HEALTHY' | 'OFFLINE' = 'HEALTHY') =>
  gateway({ id, health, routes: [route('adapter.press-07', { state }), route('validate.telemetry')] });

test('the worst run comes first, a gateway that is silent before all', () => {
  const runs = whereTheyRun([on('a', 'RUNNING'), on('b', 'DEGRADED'), on('c', 'RUNNING', 'OFFLINE')]);
  expect([...runs.keys()]).toEqual(['press-07']);
  expect(runs.get('press-07')?.map(({ gatewayId }) => gatewayId)).toEqual(['c', 'b', 'a']);
  expect(stateOf({ enabled: true }, runs.get('press-07'))).toBe('silent');
});

test('what runs is told also of an adapter that is to be left out next time', () => {
  expect(stateOf({ enabled: false }, whereTheyRun([on('a', 'DEGRADED')]).get('press-07'))).toBe('DEGRADED');
  expect(stateOf({ enabled: false }, undefined)).toBe('disabled');
  expect(stateOf({ enabled: true }, undefined)).toBe('nowhere');
});
