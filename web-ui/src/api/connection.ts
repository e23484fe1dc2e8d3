import { useSyncExternalStore } from 'react';

/** What the console knows of its line to the control plane. */
export interface Connection {
  /** Browser time of the first unanswered call, null while calls are answered. */
  lostSince: number | null;
  /** How far the screen is behind the plant in ms; null until something was measured. */
  behindMs: number | null;
  /** Server clock minus browser clock in ms, so that ages do not depend on the browser's clock. */
  clockOffsetMs: number;
}

let current: Connection = { lostSince: null, behindMs: null, clockOffsetMs: 0 };
const listeners = new Set<() => void>();

function set(next: Partial<Connection>) {
  current = { ...current, ...next };
  listeners.forEach((listener) => listener());
}

/** HTTP dates have whole seconds: an offset below this is noise. */
const CLOCK_NOISE_MS = 2000;

export const connection = {
  get: () => current,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  answered: (roundTripMs: number, serverDate: string | null) => {
    const offset = serverDate ? Date.parse(serverDate) - Date.now() : 0;
    set({
      lostSince: null,
      behindMs: Math.round(roundTripMs),
      clockOffsetMs: Math.abs(offset) > CLOCK_NOISE_MS ? offset : 0,
    });
  },
  unanswered: () => {
    if (current.lostSince === null) set({ lostSince: Date.now() });
  },
  behind: (behindMs: number) => set({ behindMs: Math.max(0, Math.round(behindMs)) }),
  /** Now by the server's clock. */
  now: () => Date.now() + current.clockOffsetMs,
};

export const useConnection = () => useSyncExternalStore(connection.subscribe, connection.get);
