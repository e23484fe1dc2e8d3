import { describe, expect, test } from 'vitest';
import type { Schemas } from '@/api/types';
import i18next from '@/i18n';
import { columnsOf } from '@/components/point-table/points';
import { columnOf, columnsSchema, rowPoint, ruleOf } from './rows';

const nothing: Schemas['ValidationRule'] = {
  asset: 'press-*',
  parameter: 'temperature',
  range: null,
  required: null,
  warning: null,
  rate: null,
  flatline: null,
  gap: null,
  duplicates: null,
  type: null,
  unit: null,
  allowed: null,
  expression: null,
};

const everything: Schemas['ValidationRule'] = {
  ...nothing,
  range: { min: 0, max: 120 },
  required: false,
  warning: { min: 10, max: 90 },
  rate: { maxPerSecond: 5, withinMs: 60000 },
  flatline: { afterMs: 3600000, tolerance: 0.5 },
  gap: { maxGapMs: 5000 },
  duplicates: { remember: 16 },
  type: 'number',
  unit: 'Cel',
  allowed: [1, -2.5, 'AUTO', '1', true, 'a, b', 'true'],
  expression: { test: 'value < previous + 5', verdict: 'BAD' },
};

describe('a rule and its row', () => {
  test('say the same of every kind', () => {
    expect(ruleOf(rowPoint(everything))).toEqual(everything);
    expect(ruleOf(rowPoint(nothing))).toEqual(nothing);
  });

  test('an empty cell states nothing, so that a wider rule stays in force', () => {
    expect(rowPoint(nothing)).toEqual({ asset: 'press-*', parameter: 'temperature' });
    expect(ruleOf({ asset: 'a', parameter: 'b' }).required).toBeNull();
  });

  test('allowed values read as they are written', () => {
    expect(rowPoint(everything).allowed).toBe('1, -2.5, AUTO, "1", true, "a, b", "true"');
    expect(ruleOf({ asset: 'a', parameter: 'b', allowed: ' AUTO ,, 7 ' }).allowed).toEqual(['AUTO', 7]);
  });

  test('no unit has a word of its own', () => {
    expect(rowPoint({ ...nothing, unit: '' }).unit).toBe('none');
    expect(ruleOf({ asset: 'a', parameter: 'b', unit: 'none' }).unit).toBe('');
  });

  test('duplicates show how many are remembered where the rule does not say', () => {
    expect(rowPoint({ ...nothing, duplicates: {} }).remember).toBe(8);
  });
});

test.each([
  ['/range/min', '/min'],
  ['/range', '/min'],
  ['/warning/max', '/warnMax'],
  ['/rate/maxPerSecond', '/perSecond'],
  ['/flatline', '/flatMs'],
  ['/allowed/2', '/allowed'],
  ['/expression/test', '/condition'],
  ['/asset', '/asset'],
  ['', ''],
])('a complaint about %s stands in column %s', (pointer, column) => {
  expect(columnOf(pointer)).toBe(column);
});

test('columns that a rule set uses show by themselves', () => {
  const columns = columnsOf(columnsSchema(i18next.t, new Set(['gapMs'])));
  expect(columns.filter(({ advanced }) => !advanced).map(({ key }) => key)).toEqual([
    'asset',
    'parameter',
    'min',
    'max',
    'required',
    'gapMs',
  ]);
  expect(columns.every(({ title, description }) => title && description)).toBe(true);
});
