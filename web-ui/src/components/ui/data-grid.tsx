import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';

export interface Column<Row> {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  numeric?: boolean;
  /** Left out on a phone: its row opens what has it. */
  wide?: boolean;
}

interface DataGridProps<Row> {
  label: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  onOpen?: (row: Row) => void;
  selected?: string | null;
}

const classOf = ({ numeric, wide }: { numeric?: boolean; wide?: boolean }) =>
  [numeric ? 'num' : '', wide ? 'wide-only' : ''].filter(Boolean).join(' ') || undefined;

/** A grid one walks with J/K or the arrows and opens with Enter. Single keys act only while a row has the focus. */
export function DataGrid<Row>({ label, columns, rows, rowKey, onOpen, selected }: DataGridProps<Row>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [active, setActive] = useState(0);
  const focusable = Math.min(active, rows.length - 1);

  const onKeyDown = (event: KeyboardEvent<HTMLTableRowElement>, index: number) => {
    if (event.target !== event.currentTarget) return;
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      const next = Math.max(0, Math.min(rows.length - 1, index + step));
      setActive(next);
      body.current?.querySelectorAll<HTMLTableRowElement>(':scope > tr')[next]?.focus();
      event.preventDefault();
    } else if (event.key === 'Enter' && onOpen && rows[index] !== undefined) {
      onOpen(rows[index]);
    }
  };

  return (
    <table className="grid" role="grid" aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.key} scope="col" className={classOf(column)}>
              {column.header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {rows.map((row, index) => (
          <tr
            key={rowKey(row)}
            tabIndex={index === focusable ? 0 : -1}
            aria-selected={selected === undefined ? undefined : rowKey(row) === selected}
            data-open={onOpen ? '' : undefined}
            onClick={onOpen ? () => onOpen(row) : undefined}
            onFocus={() => setActive(index)}
            onKeyDown={(event) => onKeyDown(event, index)}
          >
            {columns.map((column) => (
              <td key={column.key} className={classOf(column)}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
