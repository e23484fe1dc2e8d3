import { useEffect, useState, useSyncExternalStore } from 'react';
import { connection } from '@/api/connection';
import type { Schemas } from '@/api/types';

type Tag = Pick<Schemas['Tag'], 'gatewayId' | 'assetId' | 'parameter'>;

/** `gateway/asset/parameter`, each part encoded: how links and the live store name a tag. */
export const tagKey = ({ gatewayId, assetId, parameter }: Tag) =>
  [gatewayId, assetId, parameter].map(encodeURIComponent).join('/');

export function tagOf(key: string): Tag {
  const [gatewayId = '', assetId = '', parameter = ''] = key.split('/').map(decodeURIComponent);
  return { gatewayId, assetId, parameter };
}

/** Rows such as `{device}/{metric}` stand for the tags that their data names; none is called so itself. */
export const isPattern = ({ assetId, parameter }: Tag) => /\{.+}/.test(assetId + parameter);

export type LiveValue = Schemas['TagValue'] & {
  /** When the gateway read it, ms since the epoch by the gateway's clock. */
  at: number;
  /** Time between the last two values in ms; null before the second. */
  intervalMs: number | null;
};

/** `asked`: the gateway was asked for values. `live`: the first have come. `offline`: the gateway is not there. `lost`: the stream of values broke. */
export type LiveState = 'connecting' | 'asked' | 'live' | 'offline' | 'lost';

/** A tag that was read every few seconds is stale after ten; a slower one after three of its own intervals. */
const STALE_AFTER_MS = 10_000;
const STALE_AFTER_INTERVALS = 3;

export const isStale = (value: LiveValue, state: LiveState, now: number) =>
  state === 'offline' ||
  state === 'lost' ||
  now - value.at > Math.max(STALE_AFTER_MS, STALE_AFTER_INTERVALS * (value.intervalMs ?? 0));

/** Enough for a quarter of an hour at twice a second. */
const KEPT = 1800;

/** The latest values of the watched tags and their recent past, outside React: two updates a second touch only what shows them. */
export class LiveStore {
  private values = new Map<string, LiveValue>();
  private pasts = new Map<string, LiveValue[]>();
  private states = new Map<string, LiveState>();
  private revision = 0;
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly snapshot = () => this.revision;

  value = (key: string) => this.values.get(key);
  past = (key: string) => this.pasts.get(key) ?? [];
  state = (gatewayId: string): LiveState => this.states.get(gatewayId) ?? 'connecting';

  receive(gatewayId: string, values: Schemas['TagValue'][]) {
    let newest = 0;
    for (const value of values) {
      const key = tagKey({ gatewayId, ...value });
      const at = Date.parse(value.gatewayTime);
      const before = this.values.get(key);
      if (before && before.at >= at) continue;
      const next = { ...value, at, intervalMs: before ? at - before.at : null };
      this.values.set(key, next);
      this.pasts.set(key, [...this.past(key).slice(1 - KEPT), next]);
      newest = Math.max(newest, at);
    }
    if (newest > 0) connection.behind(connection.now() - newest);
    this.set(gatewayId, 'live');
  }

  set(gatewayId: string, state: LiveState) {
    this.states.set(gatewayId, state);
    this.revision++;
    this.listeners.forEach((listener) => listener());
  }
}

/** Opens one stream of values per gateway, for as long as the tags are on screen. */
export function useLiveTags(keys: string[]): LiveStore {
  const [store] = useState(() => new LiveStore());
  useSyncExternalStore(store.subscribe, store.snapshot);
  const wanted = [...new Set(keys)].sort().join(',');
  useEffect(() => {
    const tags = wanted ? wanted.split(',').map(tagOf) : [];
    const sources = [...new Set(tags.map(({ gatewayId }) => gatewayId))].map((gatewayId) => {
      const query = new URLSearchParams({ gateway: gatewayId });
      tags
        .filter((tag) => tag.gatewayId === gatewayId)
        .forEach(({ assetId, parameter }) => query.append('tag', `${assetId}/${parameter}`));
      const source = new EventSource(`/api/v1/tags/live?${query}`);
      source.addEventListener('values', ({ data }: MessageEvent<string>) =>
        store.receive(gatewayId, JSON.parse(data) as Schemas['TagValue'][]),
      );
      source.addEventListener('state', ({ data }: MessageEvent<string>) =>
        store.set(
          gatewayId,
          (JSON.parse(data) as Schemas['LiveState']).state === 'LIVE' ? 'asked' : 'offline',
        ),
      );
      // the browser tries again by itself; until then nothing on screen may look live
      source.addEventListener('error', () => store.set(gatewayId, 'lost'));
      return source;
    });
    return () => sources.forEach((source) => source.close());
  }, [wanted, store]);
  return store;
}
