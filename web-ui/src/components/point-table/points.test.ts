import { describe, expect, test } from 'vitest';
import { cellValue, columnsOf, emptyPoint, parseRows, pastedPoints } from './points';
import type { JsonSchema } from '@/components/schema-form/check';

const schema: JsonSchema = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', title: 'Name' },
    area: { type: 'string', enum: ['holding', 'coil'], default: 'holding' },
    address: { type: 'integer', title: 'Address' },
    scale: { type: 'number', default: 1 },
    inverted: { type: 'boolean' },
    bit: { type: ['integer', 'null'], default: null, 'x-advanced': true },
  },
};
const columns = columnsOf(schema);

describe('parseRows', () => {
  test.each([
    [
      'tabs',
      'a\tb\r\nc\td',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'semicolons, with decimal commas',
      'a;0,1\nb;0,2',
      [
        ['a', '0,1'],
        ['b', '0,2'],
      ],
    ],
    ['commas with quotes', '"a, b","say ""x"""\n', [['a, b', 'say "x"']]],
    ['a line break inside quotes', '"a\nb",c', [['a\nb', 'c']]],
    [
      'empty lines are left out',
      'a\tb\n\t\n\nc\td\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
  ])('%s', (_, text, rows) => expect(parseRows(text)).toEqual(rows));
});

describe('pastedPoints', () => {
  test('takes columns by their headings in any order and ignores strange ones', () => {
    expect(pastedPoints('ADDRESS\tremark\tName\n40001\thot\ttemperature', columns)).toEqual([
      { address: 40001, name: 'temperature' },
    ]);
  });

  test('takes columns by position without headings, from the cell pasted into', () => {
    expect(pastedPoints('coil\t7', columns, 1)).toEqual([{ area: 'coil', address: 7 }]);
  });

  test('keeps what does not fit, so that the cell can be marked', () => {
    expect(pastedPoints('x\tsomewhere\t12a', columns)).toEqual([
      { name: 'x', area: 'somewhere', address: '12a' },
    ]);
  });
});

test('a cell reads numbers, booleans and choices as people write them', () => {
  const column = (key: string) => columns.find((each) => each.key === key)!;
  expect(cellValue(' 0,25 ', column('scale'))).toBe(0.25);
  expect(cellValue('1e-3', column('scale'))).toBe(0.001);
  expect(cellValue('Holding', column('area'))).toBe('holding');
  expect(cellValue('x', column('inverted'))).toBe(true);
  expect(cellValue('NO', column('inverted'))).toBe(false);
  expect(cellValue('  ', column('address'))).toBeUndefined();
});

test('a new row has the defaults of the schema, without those that are null', () => {
  expect(emptyPoint(schema)).toEqual({ area: 'holding', scale: 1 });
});
