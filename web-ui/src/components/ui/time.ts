import { useEffect, useState, useSyncExternalStore } from 'react';
import { connection } from '@/api/connection';

export type ZoneChoice = 'plant' | 'utc' | 'browser';

const CHOICE_KEY = 'streamforge-zone';
const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const state = {
  plantZone: 'UTC',
  choice: (localStorage.getItem(CHOICE_KEY) ?? 'plant') as ZoneChoice,
};
const listeners = new Set<() => void>();

const zone = () =>
  state.choice === 'utc' ? 'UTC' : state.choice === 'browser' ? browserZone : state.plantZone;
const changed = () => listeners.forEach((listener) => listener());
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The zone every time on screen is shown in: the plant's, unless this person chose another. */
export const timeZone = {
  get: zone,
  choice: () => state.choice,
  choose: (choice: ZoneChoice) => {
    state.choice = choice;
    localStorage.setItem(CHOICE_KEY, choice);
    changed();
  },
  setPlant: (plantZone: string) => {
    if (state.plantZone === plantZone) return;
    state.plantZone = plantZone;
    changed();
  },
};

export const useTimeZone = () => useSyncExternalStore(subscribe, zone);

/** "Europe/Berlin (UTC+01:00)" */
export function zoneLabel(name: string): string {
  const offset = new Intl.DateTimeFormat('en-GB', { timeZone: name, timeZoneName: 'longOffset' })
    .formatToParts(new Date())
    .find((part) => part.type === 'timeZoneName')?.value;
  return `${name} (${(offset ?? 'GMT').replace('GMT', 'UTC')})`;
}

/** "2027-03-31" */
export const formatDay = (at: string, name: string) => day(new Date(at), name);

const day = (at: Date, name: string) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: name, dateStyle: 'short' }).format(at);

/** 24 h with seconds; the date only once it is not today. */
export function formatTime(at: string | number, name: string): string {
  const date = new Date(at);
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: name, timeStyle: 'medium' }).format(date);
  return day(date, name) === day(new Date(connection.now()), name) ? time : `${day(date, name)} ${time}`;
}

/** "0.4 s", "12 s", "5 min", "3 h 10 min", "4 d" */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, ms / 1000);
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d`;
}

/** Server time that moves on, for ages. */
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(connection.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(connection.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
