import type { TFunction } from 'i18next';
import type { Schemas } from '@/api/types';
import type { Point } from '@/components/point-table/points';
import type { JsonSchema } from '@/components/schema-form/check';

type AggregateRule = Schemas['AggregateRule'];

const UNITS = [
  ['day', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

/** What a new rule set begins with. */
export const USUAL_WINDOWS: AggregateRule[] = [
  { resolutionMs: 1000 },
  { resolutionMs: 60_000 },
  { resolutionMs: 3_600_000 },
];

/** A length in the largest unit that it is a whole number of: `15 min`. */
export const lengthOf = (ms: number) => {
  const [unit, size] = UNITS.find(([, size]) => ms % size === 0) ?? ['ms', 1];
  return `${ms / size} ${unit}`;
};

/** The columns of the table of windows. */
export const windowSchema = (t: TFunction): JsonSchema => ({
  type: 'object',
  required: ['resolutionMs'],
  properties: {
    resolutionMs: {
      type: 'integer',
      title: t('rules.resolution'),
      description: t('rules.resolutionHint'),
      minimum: 100,
      maximum: 86_400_000,
    },
    allowedLatenessMs: {
      type: 'integer',
      title: t('rules.lateness'),
      description: t('rules.latenessHint'),
      minimum: 0,
      maximum: 86_400_000,
    },
    heldMs: {
      type: 'integer',
      title: t('rules.held'),
      description: t('rules.heldHint'),
      minimum: 0,
      maximum: 86_400_000,
    },
    worstCounted: {
      type: 'string',
      title: t('rules.worstCounted'),
      description: t('rules.worstCountedHint'),
      enum: ['GOOD', 'SUSPECT', 'UNCERTAIN'],
    },
  },
});

export const windowPoint = (rule: AggregateRule): Point =>
  Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== null && value !== undefined));

export const windowRule = ({
  resolutionMs,
  allowedLatenessMs,
  heldMs,
  worstCounted,
}: Point): AggregateRule => ({
  resolutionMs: resolutionMs as number,
  allowedLatenessMs: allowedLatenessMs as number | undefined,
  heldMs: heldMs as number | undefined,
  worstCounted: worstCounted as AggregateRule['worstCounted'],
});
