import type { Point, PointColumn } from './points';

const quoted = (cell: string) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** A point table as CSV (RFC 4180), which the table reads again: columns by their keys, folded ones only where a row uses them. */
export function toCsv(points: Point[], columns: PointColumn[]): string {
  const shown = columns.filter(
    ({ key, advanced }) => !advanced || points.some((point) => (point[key] ?? null) !== null),
  );
  const lines = [
    shown.map(({ key }) => key),
    ...points.map((point) => shown.map(({ key }) => quoted(String(point[key] ?? '')))),
  ];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

/** Hands a text to the browser as a file. Its mark tells spreadsheets that it is UTF-8. */
export function saveCsv(name: string, csv: string) {
  const url = URL.createObjectURL(new Blob(['\uFEFF', csv], { type: 'text/csv;charset=utf-8' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: `${name}.csv` });
  link.click();
  URL.revokeObjectURL(url);
}

/** A file's text: UTF-8, or what spreadsheets of Windows write where it is not. */
export async function textOf(file: Blob): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
