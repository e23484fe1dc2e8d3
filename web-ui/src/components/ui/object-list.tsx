import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Column, DataGrid } from './data-grid';
import { FilterInput } from './filter-input';
import { Panel } from './panel';
import { Empty, QueryView } from './query-view';

interface Named {
  id: string;
  name: string;
}

interface ObjectListProps<Row extends Named> {
  title: string;
  /** What there is none of, and what to do about it. */
  none: string;
  create: string;
  columns: Column<Row>[];
  query: UseQueryResult<{ items: Row[] }, unknown>;
  /** What the filter looks through, beside name and id, and how that is called. */
  searched?: { label: string; words: (row: Row) => (string | undefined)[] };
  filter: string;
  onFilter: (filter: string) => void;
  onOpen: (id: string) => void;
  onCreate: () => void;
}

/** The list of one kind of configured object: filter, open, create. */
export function ObjectList<Row extends Named>(props: ObjectListProps<Row>) {
  const { t } = useTranslation();
  const { title, none, create, columns, query, searched, filter, onFilter, onOpen, onCreate } = props;
  const add = (
    <Button variant="filled" onClick={onCreate}>
      {create}
    </Button>
  );
  return (
    <div className="page">
      <Panel
        title={title}
        main
        meta={query.data ? t('common.count', { count: query.data.items.length }) : null}
        actions={
          <>
            <FilterInput
              value={filter}
              onChange={onFilter}
              label={searched?.label ?? t('common.filterByName')}
            />
            {add}
          </>
        }
      >
        <QueryView query={query}>
          {({ items }) => {
            const wanted = filter.toLowerCase();
            const shown = items.filter((item) =>
              [item.id, item.name, ...(searched?.words(item) ?? [])].join(' ').toLowerCase().includes(wanted),
            );
            if (items.length === 0)
              return (
                <Empty kind="none" action={<Button onClick={onCreate}>{create}</Button>}>
                  {none}
                </Empty>
              );
            if (shown.length === 0)
              return (
                <Empty
                  kind="filtered"
                  action={<Button onClick={() => onFilter('')}>{t('common.clearFilter')}</Button>}
                >
                  {t('common.filtered', { count: items.length })}
                </Empty>
              );
            return (
              <DataGrid
                label={title}
                columns={columns}
                rows={shown}
                rowKey={({ id }) => id}
                onOpen={({ id }) => onOpen(id)}
              />
            );
          }}
        </QueryView>
      </Panel>
    </div>
  );
}
