import { Button, Checkbox, Group } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ClipboardEvent, lazy, memo, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { checker, type Issue, type JsonSchema } from '@/components/schema-form/check';
import {
  cellValue,
  columnsOf,
  emptyPoint,
  type Point,
  type PointColumn,
  pointOf,
  type PointRow,
  readTable,
  rowOf,
} from './points';
import './point-table.css';

/** Tables come and go as a whole now and then: what reads and writes them comes when it is asked for. */
const ImportPoints = lazy(async () => ({ default: (await import('./import-points')).ImportPoints }));

const ROW_HEIGHT = 30;
/** Least width in px and share of what is left, per kind of column. */
const WIDTHS = {
  text: [130, 1.6],
  number: [84, 0.8],
  choice: [112, 1],
  boolean: [84, 0.5],
} as const;

interface PointTableProps {
  label: string;
  /** Of what is exported, without its ending. */
  fileName: string;
  schema: JsonSchema;
  rows: PointRow[];
  onChange: (change: (rows: PointRow[]) => PointRow[]) => void;
  /** The control plane's complaints by the point that was sent: a point edited since is another object. */
  served: ReadonlyMap<Point, Issue[]>;
}

function rowChecker(schema: JsonSchema | null): (point: Point) => Issue[] {
  const checked = new WeakMap<Point, Issue[]>();
  const check = schema ? checker(pointOf(schema)) : () => [];
  return (point) => {
    const known = checked.get(point) ?? check(point);
    checked.set(point, known);
    return known;
  };
}

/** What is wrong with each row by the connector's schema; a row is checked once and again only after it changed. */
export function usePointIssues(schema: JsonSchema | null, rows: PointRow[]): Issue[][] {
  const check = useMemo(() => rowChecker(schema), [schema]);
  return useMemo(() => rows.map(({ point }) => check(point)), [check, rows]);
}

/** Thousands of points: only the rows in sight exist in the page, and none of them is part of the form's data. */
export function PointTable({ label, fileName, schema, rows, onChange, served }: PointTableProps) {
  const { t } = useTranslation();
  const point = useMemo(() => pointOf(schema), [schema]);
  const own = usePointIssues(schema, rows);
  const [all, setAll] = useState(false);
  const allColumns = useMemo(() => columnsOf(point), [point]);
  const columns = useMemo(
    () =>
      allColumns.filter(
        ({ key, advanced }) =>
          all || !advanced || own.some((row) => row.some(({ pointer }) => pointer === `/${key}`)),
      ),
    [all, allColumns, own],
  );
  const [importing, setImporting] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- rows are memoised by their own props
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
  });

  const wrong = rows.flatMap(({ point: at }, index) => (own[index]?.length || served.has(at) ? [index] : []));

  const first = wrong[0] ?? 0;
  const [issue] = own[first]?.length ? own[first] : (served.get(rows[first]?.point ?? {}) ?? []);
  const wrongColumn = allColumns.find(({ key }) => issue?.pointer.startsWith(`/${key}`));
  const firstWrong = t('points.firstWrong', {
    number: first + 1,
    message: [wrongColumn?.title, issue?.message].filter(Boolean).join(' '),
  });

  const setCell = useCallback(
    (index: number, column: PointColumn, text: string) =>
      onChange((current) =>
        current.map((row, at) => {
          if (at !== index) return row;
          const changed = { ...row.point, [column.key]: cellValue(text, column) };
          if (changed[column.key] === undefined) delete changed[column.key];
          return { key: row.key, point: changed };
        }),
      ),
    [onChange],
  );
  const remove = useCallback(
    (index: number) => onChange((current) => current.filter((_, at) => at !== index)),
    [onChange],
  );
  const paste = useCallback(
    (index: number, column: number, event: ClipboardEvent) => {
      const text = event.clipboardData.getData('text');
      if (!/[\t\n]/.test(text.trim())) return;
      event.preventDefault();
      const pasted = readTable(text, columns, column).points;
      onChange((current) => {
        const next = current.slice();
        pasted.forEach(({ point: values }, offset) => {
          const row = next[index + offset];
          next[index + offset] = row
            ? { key: row.key, point: { ...row.point, ...values } }
            : rowOf({ ...emptyPoint(point), ...values });
        });
        return next;
      });
    },
    [columns, onChange, point],
  );

  const grid = `44px ${columns.map(({ kind }) => `minmax(${WIDTHS[kind][0]}px, ${WIDTHS[kind][1]}fr)`).join(' ')} 36px`;
  const minWidth = columns.reduce((sum, { kind }) => sum + WIDTHS[kind][0], 80);
  return (
    <div className="points">
      <div className="points-bar">
        <span className="muted" role="status">
          {t('points.count', { count: rows.length })}
          {wrong.length > 0 ? (
            <span className="error-text strong">
              {' '}
              · {t('points.wrong', { count: wrong.length })}, {firstWrong}
            </span>
          ) : null}
        </span>
        <Group gap={8} ml="auto">
          {wrong.length > 0 ? (
            <Button onClick={() => virtual.scrollToIndex(first, { align: 'start' })}>
              {t('points.showWrong')}
            </Button>
          ) : null}
          {allColumns.some(({ advanced }) => advanced) ? (
            <Checkbox
              size="xs"
              label={t('points.allColumns')}
              checked={all}
              onChange={({ currentTarget }) => setAll(currentTarget.checked)}
            />
          ) : null}
          <Button onClick={() => setImporting(true)}>{t('points.import')}</Button>
          <Button
            onClick={() =>
              void import('./csv').then(({ saveCsv, toCsv }) =>
                saveCsv(
                  fileName,
                  toCsv(
                    rows.map((row) => row.point),
                    allColumns,
                  ),
                ),
              )
            }
          >
            {t('points.export')}
          </Button>
          <Button
            onClick={() => {
              onChange((current) => [...current, rowOf(emptyPoint(point))]);
              requestAnimationFrame(() => virtual.scrollToIndex(rows.length));
            }}
          >
            {t('points.add')}
          </Button>
        </Group>
      </div>
      <div
        className="points-scroll"
        ref={scroller}
        role="table"
        aria-label={label}
        aria-rowcount={rows.length + 1}
      >
        <div
          className="points-head"
          role="row"
          aria-rowindex={1}
          style={{ gridTemplateColumns: grid, minWidth }}
        >
          <span role="columnheader">#</span>
          {columns.map((column) => (
            <span key={column.key} role="columnheader" title={column.description}>
              {column.unit ? `${column.title} (${column.unit})` : column.title}
              {column.required ? <span className="error-text"> *</span> : null}
            </span>
          ))}
          <span role="columnheader">
            <span className="points-hidden">{t('points.remove')}</span>
          </span>
        </div>
        <div role="rowgroup" style={{ minHeight: virtual.getTotalSize(), minWidth, position: 'relative' }}>
          {rows.length === 0 ? (
            <div role="row">
              <p className="padded muted" role="cell">
                {t('points.empty')}
              </p>
            </div>
          ) : null}
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            return row ? (
              <Row
                key={row.key}
                index={index}
                start={start}
                grid={grid}
                point={row.point}
                columns={columns}
                own={own[index] ?? none}
                served={served.get(row.point) ?? none}
                onCell={setCell}
                onPaste={paste}
                onRemove={remove}
              />
            ) : null;
          })}
        </div>
      </div>
      {importing ? (
        <Suspense>
          <ImportPoints
            schema={point}
            columns={allColumns}
            existing={rows.length}
            onClose={() => setImporting(false)}
            onImport={(points, replace) =>
              onChange((current) => [...(replace ? [] : current), ...points.map((read) => rowOf(read))])
            }
          />
        </Suspense>
      ) : null}
    </div>
  );
}

const none: Issue[] = [];

interface RowProps {
  index: number;
  start: number;
  grid: string;
  point: Point;
  columns: PointColumn[];
  own: Issue[];
  served: Issue[];
  onCell: (index: number, column: PointColumn, text: string) => void;
  onPaste: (index: number, column: number, event: ClipboardEvent) => void;
  onRemove: (index: number) => void;
}

const Row = memo(function Row(props: RowProps) {
  const { index, point, columns, own, served, onCell, onPaste, onRemove } = props;
  const { t } = useTranslation();
  const issues = own.length ? own : served;
  const wholeRow = issues.filter(({ pointer }) => pointer === '').map(({ message }) => message);
  return (
    <div
      className="points-row"
      role="row"
      aria-rowindex={index + 2}
      style={{ gridTemplateColumns: props.grid, transform: `translateY(${props.start}px)` }}
    >
      <span
        role="cell"
        className={wholeRow.length ? 'points-number error-text strong' : 'points-number'}
        title={wholeRow.join('. ')}
      >
        {index + 1}
      </span>
      {columns.map((column, at) => {
        const errors = issues
          .filter(({ pointer }) => pointer.startsWith(`/${column.key}`))
          .map(({ message }) => message);
        const label = t('points.cell', { column: column.title, number: index + 1 });
        const text =
          point[column.key] === undefined || point[column.key] === null ? '' : String(point[column.key]);
        const shared = {
          'aria-label': label,
          'aria-invalid': errors.length > 0 || undefined,
          'aria-describedby': errors.length ? `point-${index}-${column.key}` : undefined,
          title: errors.join('. ') || undefined,
          value: text,
        };
        return (
          <span role="cell" key={column.key}>
            {column.kind === 'choice' || column.kind === 'boolean' ? (
              <select
                {...shared}
                onPaste={(event) => onPaste(index, at, event)}
                onChange={(event) => onCell(index, column, event.currentTarget.value)}
              >
                <option value="" />
                {(column.kind === 'boolean' ? ['true', 'false'] : column.choices).map((choice) => (
                  <option key={choice}>{choice}</option>
                ))}
                {text !== '' && column.kind === 'choice' && !column.choices.includes(text) ? (
                  <option>{text}</option>
                ) : null}
              </select>
            ) : (
              <CellInput
                {...shared}
                numeric={column.kind === 'number'}
                onPaste={(event) => onPaste(index, at, event)}
                onText={(typed) => onCell(index, column, typed)}
              />
            )}
            {errors.length ? (
              <span className="points-hidden" id={`point-${index}-${column.key}`}>
                {errors.join('. ')}
              </span>
            ) : null}
          </span>
        );
      })}
      <span role="cell">
        <button
          type="button"
          aria-label={t('points.removeRow', { number: index + 1 })}
          onClick={() => onRemove(index)}
        >
          ×
        </button>
      </span>
    </div>
  );
});

interface CellInputProps {
  value: string;
  numeric: boolean;
  onText: (text: string) => void;
  onPaste: (event: ClipboardEvent) => void;
}

/** Keeps what is being typed ("0." on the way to "0.1") until the cell is left. */
function CellInput({ value, numeric, onText, onPaste, ...rest }: CellInputProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = () => {
    if (draft !== null && draft !== value) onText(draft);
    setDraft(null);
  };
  return (
    <input
      {...rest}
      className={numeric ? 'points-numeric' : undefined}
      autoComplete="off"
      spellCheck={false}
      value={draft ?? value}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
      onPaste={onPaste}
    />
  );
}
