import type { JsonSchema } from '@/components/schema-form/check';

export interface PointColumn {
  key: string;
  title: string;
  /** Of its numbers; empty for none. */
  unit: string;
  kind: 'text' | 'number' | 'boolean' | 'choice';
  choices: string[];
  required: boolean;
  /** Hidden until asked for. */
  advanced: boolean;
  description: string | undefined;
}

export type Point = Record<string, unknown>;

/** Rows keep their key while they move, so that the table can recycle its cells. */
export interface PointRow {
  key: number;
  point: Point;
}

let nextKey = 0;
export const rowOf = (point: Point): PointRow => ({ key: nextKey++, point });

/** A connector describes one point, or the list of them. */
export const pointOf = (schema: JsonSchema): JsonSchema =>
  schema.type === 'array' && typeof schema.items === 'object' ? (schema.items as JsonSchema) : schema;

export function columnsOf(schema: JsonSchema): PointColumn[] {
  return Object.entries(schema.properties ?? {}).map(([key, definition]) => {
    const property = (typeof definition === 'object' ? definition : {}) as JsonSchema;
    const types = ([] as unknown[]).concat(property.type ?? []);
    const choices = (property.enum ?? []).filter((choice) => choice !== null).map(String);
    return {
      key,
      title: property.title ?? key,
      unit: String(property['x-unit'] ?? ''),
      kind: choices.length
        ? 'choice'
        : types.includes('boolean')
          ? 'boolean'
          : types.includes('number') || types.includes('integer')
            ? 'number'
            : 'text',
      choices,
      required: schema.required?.includes(key) ?? false,
      advanced: property['x-advanced'] === true,
      description: property.description,
    };
  });
}

/** A new row starts with the schema's defaults. */
export const emptyPoint = (schema: JsonSchema): Point =>
  Object.fromEntries(
    Object.entries(schema.properties ?? {}).flatMap(([key, property]) =>
      typeof property === 'object' && (property.default ?? null) !== null ? [[key, property.default]] : [],
    ),
  );

/**
 * What a cell's text means in its column. Text that does not fit stays text: the schema then marks the cell, instead of
 * the table swallowing what somebody typed. "0,1" is a number too: spreadsheets of half of Europe write it so.
 */
export function cellValue(text: string, column: PointColumn): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  switch (column.kind) {
    case 'number': {
      const number = Number(/^[-+]?\d+,\d+$/.test(trimmed) ? trimmed.replace(',', '.') : trimmed);
      return Number.isFinite(number) ? number : trimmed;
    }
    case 'boolean':
      if (/^(true|yes|x|1)$/i.test(trimmed)) return true;
      if (/^(false|no|0)$/i.test(trimmed)) return false;
      return trimmed;
    case 'choice':
      return column.choices.find((choice) => choice.toLowerCase() === trimmed.toLowerCase()) ?? trimmed;
    case 'text':
      return trimmed;
  }
}

/** What stands in one line of a table, or in several where a cell has line breaks. */
interface TableLine {
  /** Of its beginning in the text, from 1. */
  line: number;
  cells: string[];
}

/**
 * Splits what a spreadsheet or a CSV file puts on the clipboard: tabs, else semicolons, else commas, as its first line has
 * them; quotes as in RFC 4180. A quote that never ends takes the rest of the text into its cell.
 */
export function parseRows(text: string): { rows: TableLine[]; unclosed: boolean } {
  const [firstLine = ''] = /[^\r\n]+/.exec(text) ?? [];
  const separator = ['\t', ';'].find((each) => firstLine.includes(each)) ?? ',';
  const rows: TableLine[] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let line = 1;
  let begun = 1;
  const endRow = () => {
    cells.push(cell);
    cell = '';
    if (cells.some((value) => value.trim() !== '')) rows.push({ line: begun, cells });
    cells = [];
    begun = line;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\n') line++;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') cell += text[at++];
      else quoted = false;
    } else if (char === '"' && cell === '') quoted = true;
    else if (char === separator) {
      cells.push(cell);
      cell = '';
    } else if (char === '\n') endRow();
    else if (char !== '\r' && char !== '\uFEFF') cell += char;
  }
  endRow();
  return { rows, unclosed: quoted };
}

const plain = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Points as they were read from a table, and what of the table could not be one. */
export interface ReadTable {
  points: { line: number; point: Point }[];
  /** Headings that name no column: what stood below them is left out. */
  strange: string[];
  /** Lines with more cells than there are columns for. */
  tooLong: number[];
  /** The line whose quote never ends. */
  unclosed: number | null;
}

/** Rows as points: by the headings if the first row names columns, else by position from `startColumn`. */
export function readTable(text: string, columns: PointColumn[], startColumn = 0): ReadTable {
  const { rows, unclosed } = parseRows(text);
  const names = rows[0]?.cells ?? [];
  const headings = names.map((name) =>
    columns.find((column) => plain(column.key) === plain(name) || plain(column.title) === plain(name)),
  );
  const named = headings.some(Boolean) && headings.filter(Boolean).length * 2 > headings.length;
  const order = named ? headings : columns.slice(startColumn);
  const body = named ? rows.slice(1) : rows;
  return {
    points: body.map(({ line, cells }) => ({
      line,
      point: Object.fromEntries(
        cells.flatMap((cell, index) => {
          const column = order[index];
          const value = column && cellValue(cell, column);
          return value === undefined ? [] : [[column!.key, value]];
        }),
      ),
    })),
    strange: named ? names.filter((name, index) => !headings[index] && name.trim() !== '') : [],
    tooLong: body.flatMap(({ line, cells }) =>
      cells.slice(order.length).some((cell) => cell.trim() !== '') ? [line] : [],
    ),
    unclosed: unclosed ? (rows.at(-1)?.line ?? 1) : null,
  };
}
