import { describe, expect, test } from 'vitest';
import { toCsv } from './csv';
import { cellValue, columnsOf, emptyPoint, parseRows, readTable } from './points';
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
  ])('%s', (_, text, rows) => expect(parseRows(text).rows.map(({ cells }) => cells)).toEqual(rows));

  test('a row knows the line it begins in, after a cell of two lines too', () => {
    expect(parseRows('\uFEFFname,unit\r\n\r\n"a\nb",bar\nc,Cel').rows).toEqual([
      { line: 1, cells: ['name', 'unit'] },
      { line: 3, cells: ['a\nb', 'bar'] },
      { line: 5, cells: ['c', 'Cel'] },
    ]);
  });
});

const points = (text: string, startColumn?: number) =>
  readTable(text, columns, startColumn).points.map(({ point }) => point);

describe('readTable', () => {
  test('takes columns by their headings in any order and tells of strange ones', () => {
    const read = readTable('ADDRESS\tremark\tName\n40001\thot\ttemperature', columns);
    expect(read).toEqual({
      points: [{ line: 2, point: { address: 40001, name: 'temperature' } }],
      strange: ['remark'],
      tooLong: [],
      unclosed: null,
    });
  });

  test('takes columns by position without headings, from the cell pasted into', () => {
    expect(points('coil\t7', 1)).toEqual([{ area: 'coil', address: 7 }]);
  });

  test('keeps what does not fit, so that the cell can be marked', () => {
    expect(points('x\tsomewhere\t12a')).toEqual([{ name: 'x', area: 'somewhere', address: '12a' }]);
  });

  test('names the lines that have too many cells, and the one whose quote never ends', () => {
    const read = readTable('name,address\na,1,2\nb,2,\n"c,3\nd,4', columns);
    expect(read.tooLong).toEqual([2]);
    expect(read.unclosed).toBe(4);
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

describe('a table as CSV', () => {
  const table = [
    { name: 'temperature, top', area: 'holding', address: 40001, scale: 0.1 },
    { name: 'the "old" valve', area: 'coil', address: 7, inverted: true, bit: 3 },
  ];

  test('is read again as it was', () => {
    expect(points(toCsv(table, columns))).toEqual(table);
  });

  test('leaves columns out that few people need and nobody has filled', () => {
    expect(toCsv(table.slice(0, 1), columns)).toBe(
      'name,area,address,scale,inverted\r\n"temperature, top",holding,40001,0.1,\r\n',
    );
    expect(toCsv([], columns)).toBe('name,area,address,scale,inverted\r\n');
  });
});
