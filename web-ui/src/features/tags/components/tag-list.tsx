import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection } from '@/api/connection';
import type { Schemas } from '@/api/types';
import { useNow } from '@/components/ui/time';
import { formatUnit, formatValue } from '@/components/ui/number';
import { formatAge } from '@/components/ui/time';
import { isPattern, isStale, type LiveStore, tagKey } from '../api/live';
import './tags.css';

interface TagListProps {
  tags: Schemas['Tag'][];
  live: LiveStore;
  trended: string[];
  showGateway: boolean;
  /** Keys of the tags in sight, widened so that a small scroll opens no new stream. */
  onVisible: (keys: string[]) => void;
  onToggle: (tag: Schemas['Tag']) => void;
}

const ROW_HEIGHT = 30;
/** On a phone a tag takes two lines: name and value, quality and age. As in tags.css. */
const NARROW = '(max-width: 600px)';
const NARROW_ROW_HEIGHT = 50;
const WATCH_STEP = 20;

export function TagList({ tags, live, trended, showGateway, onVisible, onToggle }: TagListProps) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const now = useNow(500);
  const { lostSince } = useConnection();
  const rowHeight = useMediaQuery(NARROW) ? NARROW_ROW_HEIGHT : ROW_HEIGHT;
  // eslint-disable-next-line react-hooks/incompatible-library -- the list renders with every batch of values anyway
  const virtual = useVirtualizer({
    count: tags.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 4,
    getItemKey: (index) => (tags[index] ? tagKey(tags[index]) : index),
  });
  useEffect(() => virtual.measure(), [virtual, rowHeight]);
  const rows = virtual.getVirtualItems();
  const first = Math.floor((rows[0]?.index ?? 0) / WATCH_STEP) * WATCH_STEP;
  const last = Math.ceil(((rows.at(-1)?.index ?? 0) + 1) / WATCH_STEP) * WATCH_STEP;
  const watched = tags.slice(first, last).map(tagKey).join(',');
  useEffect(() => {
    const timer = setTimeout(() => onVisible(watched ? watched.split(',') : []), 50);
    return () => clearTimeout(timer);
  }, [watched, onVisible]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>, index: number) => {
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    const tag = tags[index];
    if (step !== undefined) {
      const next = Math.max(0, Math.min(tags.length - 1, index + step));
      setActive(next);
      virtual.scrollToIndex(next);
      requestAnimationFrame(() =>
        scroller.current?.querySelector<HTMLElement>(`[aria-rowindex="${next + 2}"]`)?.focus(),
      );
      event.preventDefault();
    } else if (tag && ['Enter', ' ', 'x'].includes(event.key)) {
      if (!isPattern(tag)) onToggle(tag);
      event.preventDefault();
    }
  };

  const columns = showGateway ? 'tags-row with-gateway' : 'tags-row';
  return (
    <div
      className="tags-scroll"
      ref={scroller}
      role="grid"
      aria-label={t('nav.tags')}
      aria-rowcount={tags.length + 1}
    >
      <div className={`${columns} tags-head`} role="row" aria-rowindex={1}>
        <span role="columnheader">{t('tags.trend')}</span>
        {showGateway ? <span role="columnheader">{t('common.gateway')}</span> : null}
        <span role="columnheader">{t('tags.asset')}</span>
        <span role="columnheader">{t('tags.parameter')}</span>
        <span role="columnheader" className="num">
          {t('common.value')}
        </span>
        <span role="columnheader">{t('tags.unit')}</span>
        <span role="columnheader">{t('common.quality')}</span>
        <span role="columnheader" className="num">
          {t('tags.age')}
        </span>
      </div>
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {rows.map(({ index, start, key }) => {
          const tag = tags[index];
          if (!tag) return null;
          const pattern = isPattern(tag);
          const shown = trended.includes(tagKey(tag));
          const value = live.value(tagKey(tag));
          const stale =
            value !== undefined && (lostSince !== null || isStale(value, live.state(tag.gatewayId), now));
          const doubtful = stale || value?.quality === 'BAD' || (value && (value.value ?? null) === null);
          const hatched = doubtful ? 'hatched' : undefined;
          return (
            <div
              key={key}
              className={columns}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={shown}
              tabIndex={index === active ? 0 : -1}
              style={{ transform: `translateY(${start}px)` }}
              onFocus={() => setActive(index)}
              onClick={() => pattern || onToggle(tag)}
              onKeyDown={(event) => onKeyDown(event, index)}
            >
              <span role="gridcell" className="muted tags-mark">
                {pattern ? null : shown ? '●' : '○'}
              </span>
              {showGateway ? (
                <span role="gridcell" className="tags-gateway">
                  <code>{tag.gatewayId}</code>
                </span>
              ) : null}
              <span role="gridcell" className="tags-asset">
                <code>{tag.assetId}</code>
              </span>
              <span role="gridcell" className="tags-parameter">
                <code>{tag.parameter}</code>
              </span>
              <span role="gridcell" className={`tags-value num strong ${hatched ?? ''}`}>
                {value ? ((value.value ?? null) === null ? '–' : formatValue(value.value)) : ''}
              </span>
              <span role="gridcell" className={`tags-unit ${hatched ?? ''}`}>
                {formatUnit(value?.unit ?? tag.unit)}
              </span>
              <span
                role="gridcell"
                className={`tags-quality ${hatched ?? ''} ${value && (stale || value.quality !== 'GOOD') ? 'strong' : 'muted'}`}
                title={value?.reason ?? undefined}
              >
                {value
                  ? [t(`quality.${stale && value.quality !== 'BAD' ? 'STALE' : value.quality}`), value.reason]
                      .filter(Boolean)
                      .join(': ')
                  : pattern
                    ? t('tags.pattern')
                    : t(`tags.state.${lostSince === null ? live.state(tag.gatewayId) : 'lost'}`)}
              </span>
              <span role="gridcell" className={`tags-age num muted ${hatched ?? ''}`}>
                {value ? formatAge(now - value.at) : ''}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
