import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { formatUnit, formatValue } from './number';
import { formatAge, formatTime, zoneLabel } from './time';

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime('2026-11-20T23:30:00Z');
});
afterEach(() => vi.useRealTimers());

test('a 32-bit float shows what it carries and no more', () => {
  expect(formatValue(Math.fround(24.1))).toBe('24.1');
  expect(formatValue(1234567)).toBe('1234567');
  expect(formatValue(true)).toBe('true');
});

test('UCUM codes are shown as operators read them', () => {
  expect(['Cel', 'm3/h', 'kW', '%', null].map(formatUnit)).toEqual(['°C', 'm³/h', 'kW', '%', '']);
});

test('a time has its date only once it is not today, in the zone that is shown', () => {
  expect(formatTime('2026-11-20T22:59:59Z', 'UTC')).toBe('22:59:59');
  expect(formatTime('2026-11-20T22:59:59Z', 'Europe/Berlin')).toBe('2026-11-20 23:59:59');
  expect(formatTime('2026-11-20T23:00:00Z', 'Europe/Berlin')).toBe('00:00:00');
});

test('ages and zones are short and labelled', () => {
  expect([400, 12_000, 300_000, 11_400_000, 345_600_000].map(formatAge)).toEqual([
    '0.4 s',
    '12 s',
    '5 min',
    '3 h 10 min',
    '4 d',
  ]);
  expect(zoneLabel('Europe/Berlin')).toBe('Europe/Berlin (UTC+01:00)');
});
