import { Button, Checkbox, Drawer, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { http } from '@/api/client';
import { ProblemError } from '@/api/problem';
import type { Schemas } from '@/api/types';
import type { Point } from '@/components/point-table/points';
import { FilterInput } from '@/components/ui/filter-input';
import { Empty, QueryView } from '@/components/ui/query-view';
import { type Branch, branches, named } from '../picked';
import './browse-device.css';

type Page = Schemas['BrowsedPage'];
type Node = Page['nodes'][number];

const PAGE = 500;

interface BrowseDeviceProps {
  gatewayId: string;
  connector: string;
  parameters: Record<string, unknown>;
  /** What the table has: picked again, it is not added again. */
  points: Point[];
  onPicked: (points: Point[]) => void;
  onClose: () => void;
}

/** Looks through what the device offers, one level at a time; what is picked stays picked from level to level. */
export function BrowseDevice(props: BrowseDeviceProps) {
  const { t } = useTranslation();
  const [path, setPath] = useState<Branch[]>([]);
  const [picked, setPicked] = useState<ReadonlyMap<string, { point: Point; below: Branch | undefined }>>(
    new Map(),
  );
  const below = path.at(-1);
  const pick = (nodes: Node[], on: boolean) =>
    setPicked((before) => {
      const after = new Map(before);
      for (const { id, point } of nodes)
        if (on && point) after.set(id, { point: point as Point, below });
        else after.delete(id);
      return after;
    });
  return (
    <Drawer opened onClose={props.onClose} title={t('browse.title')} size={760}>
      <nav className="browse-path" aria-label={t('browse.path')}>
        <Button variant="subtle" onClick={() => setPath([])}>
          {t('browse.top')}
        </Button>
        {path.map(({ id, name }, depth) => (
          <Button key={id} variant="subtle" onClick={() => setPath(path.slice(0, depth + 1))}>
            / {name}
          </Button>
        ))}
      </nav>
      <form
        className="browse-goto"
        onSubmit={(event) => {
          event.preventDefault();
          setPath(branches(String(new FormData(event.currentTarget).get('path'))));
          event.currentTarget.reset();
        }}
      >
        <TextInput
          name="path"
          size="xs"
          aria-label={t('browse.goto')}
          placeholder={t('browse.goto')}
          autoComplete="off"
          spellCheck={false}
        />
      </form>
      <Level
        key={below?.id ?? ''}
        {...props}
        below={below}
        picked={picked}
        onPick={pick}
        onOpen={({ id, name }) => setPath([...path, { id, name }])}
      />
      <footer className="browse-foot">
        <Button
          variant="filled"
          disabled={picked.size === 0}
          onClick={() => props.onPicked(named([...picked.values()], props.points))}
        >
          {t('browse.add', { count: picked.size })}
        </Button>
      </footer>
    </Drawer>
  );
}

function Level({
  gatewayId,
  connector,
  parameters,
  below,
  picked,
  onPick,
  onOpen,
}: BrowseDeviceProps & {
  below: Branch | undefined;
  picked: ReadonlyMap<string, unknown>;
  onPick: (nodes: Node[], on: boolean) => void;
  onOpen: (node: Node) => void;
}) {
  const { t } = useTranslation();
  const [filter, setFilter] = useState('');
  const pages = useInfiniteQuery({
    queryKey: ['browse', gatewayId, connector, parameters, below?.id],
    initialPageParam: 0,
    retry: false,
    staleTime: 60_000,
    queryFn: async ({ pageParam, signal }) => {
      const { data } = await http.POST('/api/v1/adapters/browse', {
        body: {
          gatewayId,
          connector,
          parameters: parameters as Schemas['BrowseRequest']['parameters'],
          below: below?.id ?? null,
          from: pageParam,
          limit: PAGE,
        },
        signal,
      });
      if (data?.status !== 'OK')
        throw new ProblemError({
          status: 200,
          title: t('browse.failed'),
          detail: data?.error ?? null,
          requestId: null,
          errors: [],
        });
      return data.result as unknown as Page;
    },
    getNextPageParam: ({ more }, all) => (more ? all.length * PAGE : undefined),
  });
  return (
    <QueryView query={pages}>
      {(data) => {
        const wanted = filter.trim().toLowerCase();
        const nodes = data.pages
          .flatMap((page) => page.nodes)
          .filter(({ name }) => name.toLowerCase().includes(wanted));
        const values = nodes.filter(({ point }) => point);
        const chosen = values.filter(({ id }) => picked.has(id)).length;
        return (
          <>
            <div className="browse-tools">
              <Checkbox
                size="xs"
                label={t('browse.all', { count: values.length })}
                disabled={values.length === 0}
                checked={values.length > 0 && chosen === values.length}
                indeterminate={chosen > 0 && chosen < values.length}
                onChange={({ currentTarget }) => onPick(values, currentTarget.checked)}
              />
              <FilterInput value={filter} onChange={setFilter} label={t('common.filterByName')} />
            </div>
            {nodes.length === 0 ? (
              <Empty kind={wanted ? 'filtered' : 'none'}>{t('browse.nothing')}</Empty>
            ) : (
              <ul className="browse-nodes" aria-label={below?.name ?? t('browse.top')}>
                {nodes.map((node) => (
                  <li key={node.id}>
                    {node.point ? (
                      <Checkbox
                        size="xs"
                        aria-label={node.name}
                        checked={picked.has(node.id)}
                        onChange={({ currentTarget }) => onPick([node], currentTarget.checked)}
                      />
                    ) : (
                      <span />
                    )}
                    {node.branch ? (
                      <Button
                        variant="subtle"
                        aria-label={t('browse.open', { name: node.name })}
                        onClick={() => onOpen(node)}
                      >
                        {node.name}
                      </Button>
                    ) : (
                      <span>{node.name}</span>
                    )}
                    <span className="muted">{node.detail}</span>
                    <code className="muted">{node.id}</code>
                  </li>
                ))}
              </ul>
            )}
            {pages.hasNextPage ? (
              <Button loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                {t('browse.more')}
              </Button>
            ) : null}
          </>
        );
      }}
    </QueryView>
  );
}
