import { NativeSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import { FilterInput } from '@/components/ui/filter-input';
import { Panel } from '@/components/ui/panel';
import { Empty, QueryView } from '@/components/ui/query-view';
import { tagKey, useLiveTags } from '../api/live';
import { TagList } from './tag-list';
import { TagTrend } from './tag-trend';

/** Few tags are writable: what writes them comes when there is one. */
const WriteTags = lazy(async () => ({ default: (await import('./write-tag')).WriteTags }));

interface View {
  filter: string;
  gateway: string;
  /** Keys of the tags in the trend. */
  trended: string[];
  minutes: number;
}

const MOST = 1000;

export function Tags({
  filter,
  gateway,
  trended,
  minutes,
  onChange,
}: View & { onChange: (view: Partial<View>) => void }) {
  const { t } = useTranslation();
  const [asked] = useDebouncedValue(filter, 200);
  const [visible, setVisible] = useState<string[]>([]);
  const live = useLiveTags([...visible, ...trended]);
  const gateways = $api.useQuery('get', '/api/v1/gateways', {
    params: { query: { status: 'APPROVED', limit: 1000 } },
  });
  const tags = $api.useQuery(
    'get',
    '/api/v1/tags',
    { params: { query: { q: asked || undefined, gateway: gateway || undefined, limit: MOST } } },
    { placeholderData: (previous) => previous, refetchInterval: 10_000 },
  );
  const toggle = (key: string) =>
    onChange({
      trended: trended.includes(key) ? trended.filter((other) => other !== key) : [...trended, key],
    });
  const down =
    gateways.data?.items.filter(({ id, health }) => health === 'OFFLINE' && (!gateway || gateway === id)) ??
    [];

  const writable = tags.data?.items.filter((tag) => tag.writeRule && trended.includes(tagKey(tag)));
  return (
    <div className="page fill">
      {down.map(({ id, name }) => (
        <div className="note bad" role="status" key={id}>
          {t('tags.gatewayDown', { name })}
        </div>
      ))}
      <Panel
        title={t('nav.tags')}
        main
        grow
        meta={
          tags.data
            ? tags.data.nextCursor
              ? t('tags.more', { count: MOST })
              : t('common.count', { count: tags.data.items.length })
            : null
        }
        actions={
          <>
            {(gateways.data?.items.length ?? 0) > 1 ? (
              <NativeSelect
                size="xs"
                aria-label={t('common.gateway')}
                value={gateway}
                onChange={({ currentTarget }) => onChange({ gateway: currentTarget.value })}
                data={[
                  { value: '', label: t('tags.allGateways') },
                  ...(gateways.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []),
                ]}
              />
            ) : null}
            <FilterInput value={filter} onChange={(q) => onChange({ filter: q })} label={t('tags.filter')} />
          </>
        }
      >
        <QueryView query={tags}>
          {({ items }) =>
            items.length > 0 ? (
              <TagList
                tags={items}
                live={live}
                trended={trended}
                showGateway={new Set(items.map(({ gatewayId }) => gatewayId)).size > 1}
                onVisible={setVisible}
                onToggle={(tag) => toggle(tagKey(tag))}
              />
            ) : asked ? (
              <Empty kind="filtered">{t('tags.noMatch', { filter: asked })}</Empty>
            ) : (
              <Empty kind="none">{t('tags.none')}</Empty>
            )
          }
        </QueryView>
      </Panel>
      {trended.length > 0 ? (
        <TagTrend
          keys={trended}
          live={live}
          minutes={minutes}
          onMinutes={(chosen) => onChange({ minutes: chosen })}
          onClear={() => onChange({ trended: [] })}
          actions={
            writable?.length ? (
              <Suspense>
                <WriteTags tags={writable} live={live} />
              </Suspense>
            ) : null
          }
        />
      ) : (
        <p className="muted">{t('tags.pick')}</p>
      )}
    </div>
  );
}
