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

/** Splits what a spreadsheet or a CSV file puts on the clipboard: tabs, else semicolons, else commas; quotes as in RFC 4180. */
export function parseRows(text: string): string[][] {
  const firstLine = text.slice(0, text.search(/\r?\n|$/));
  const separator = text.includes('\t') ? '\t' : firstLine.includes(';') ? ';' : ',';
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endCell = () => {
    row.push(cell);
    cell = '';
  };
  const endRow = () => {
    endCell();
    if (row.some((value) => value.trim() !== '')) rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') cell += text[at++];
      else quoted = false;
    } else if (char === '"' && cell === '') quoted = true;
    else if (char === separator) endCell();
    else if (char === '\n') endRow();
    else if (char !== '\r') cell += char;
  }
  endRow();
  return rows;
}

const plain = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Pasted rows as points: by the headings if the first row names columns, else by position from `startColumn`. */
export function pastedPoints(text: string, columns: PointColumn[], startColumn = 0): Point[] {
  const rows = parseRows(text);
  const headings = (rows[0] ?? []).map((name) =>
    columns.find((column) => plain(column.key) === plain(name) || plain(column.title) === plain(name)),
  );
  const named = headings.some(Boolean) && headings.filter(Boolean).length * 2 > headings.length;
  const order = named ? headings : columns.slice(startColumn);
  return (named ? rows.slice(1) : rows).map((cells) =>
    Object.fromEntries(
      cells.flatMap((text, index) => {
        const column = order[index];
        const value = column && cellValue(text, column);
        return value === undefined ? [] : [[column!.key, value]];
      }),
    ),
  );
}
