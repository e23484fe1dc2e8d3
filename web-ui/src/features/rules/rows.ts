import type { TFunction } from 'i18next';
import type { Schemas } from '@/api/types';
import type { Point } from '@/components/point-table/points';
import type { JsonSchema } from '@/components/schema-form/check';

type Rule = Schemas['ValidationRule'];

const LONGEST_MS = 86_400_000;

/** Where each column's cell stands in a rule. No key begins with another: the table finds a cell by its key. */
const PLACES = {
  min: '/range/min',
  max: '/range/max',
  required: '/required',
  warnMin: '/warning/min',
  warnMax: '/warning/max',
  perSecond: '/rate/maxPerSecond',
  withinMs: '/rate/withinMs',
  flatMs: '/flatline/afterMs',
  tolerance: '/flatline/tolerance',
  gapMs: '/gap/maxGapMs',
  remember: '/duplicates/remember',
  type: '/type',
  unit: '/unit',
  allowed: '/allowed',
  condition: '/expression/test',
  verdict: '/expression/verdict',
};

/** The columns that every rule set shows; the others show where they are used, or all at once. */
const USUAL = new Set(['min', 'max', 'required']);

/** How many device times the gateway remembers where the rule does not say. */
const REMEMBERED = 8;

/** What a rule without a unit says in its cell: an empty cell asks for nothing. */
const NO_UNIT = 'none';

/** The pointer into a row for a pointer into its rule. */
export function columnOf(pointer: string): string {
  const column =
    Object.entries(PLACES).find(([, place]) => pointer.startsWith(place)) ??
    Object.entries(PLACES).find(([, place]) => pointer !== '' && place.startsWith(pointer));
  return column ? `/${column[0]}` : pointer;
}

/** A cell's list: numbers, true and false by themselves, texts as they are; "1" in quotes is a text. */
function valuesOf(text: string): Rule['allowed'] {
  return (text.match(/\s*"(?:[^"\\]|\\.)*"|[^,]+/g) ?? [])
    .map((token) => token.trim())
    .filter((token) => token !== '')
    .map((token) => {
      if (/^("(?:[^"\\]|\\.)*"|-?\d+(\.\d+)?([eE][-+]?\d+)?|true|false)$/.test(token)) {
        return JSON.parse(token) as number | boolean | string;
      }
      return token;
    });
}

const listed = (values: NonNullable<Rule['allowed']>): string =>
  values
    .map((value) =>
      typeof value === 'string' && valuesOf(value)?.[0] === value ? value : JSON.stringify(value),
    )
    .join(', ');

/** A rule as a row of the table. */
export function rowPoint(rule: Rule): Point {
  const { asset, parameter, range, warning, rate, flatline, gap, duplicates, allowed, expression } = rule;
  const cells: Point = {
    asset,
    parameter,
    min: range?.min,
    max: range?.max,
    required: rule.required,
    warnMin: warning?.min,
    warnMax: warning?.max,
    perSecond: rate?.maxPerSecond,
    withinMs: rate?.withinMs,
    flatMs: flatline?.afterMs,
    tolerance: flatline?.tolerance,
    gapMs: gap?.maxGapMs,
    remember: duplicates ? (duplicates.remember ?? REMEMBERED) : undefined,
    type: rule.type,
    unit: rule.unit === '' ? NO_UNIT : rule.unit,
    allowed: allowed ? listed(allowed) : undefined,
    condition: expression?.test,
    verdict: expression?.verdict,
  };
  return Object.fromEntries(
    Object.entries(cells).filter(([, value]) => value !== null && value !== undefined),
  );
}

const stated = <T extends object>(check: T): T | null =>
  Object.values(check).some((value) => value !== undefined) ? check : null;

/** The rule that a row says. */
export function ruleOf(point: Point): Rule {
  const number = (key: keyof typeof PLACES) => point[key] as number | undefined;
  const text = (key: keyof typeof PLACES) => point[key] as string | undefined;
  const unit = text('unit');
  const allowed = text('allowed');
  const expression = stated({ test: text('condition'), verdict: text('verdict') });
  return {
    asset: String(point.asset),
    parameter: String(point.parameter),
    range: stated({ min: number('min'), max: number('max') }),
    required: (point.required as boolean | undefined) ?? null,
    warning: stated({ min: number('warnMin'), max: number('warnMax') }),
    rate: stated({ maxPerSecond: number('perSecond'), withinMs: number('withinMs') }),
    flatline: stated({ afterMs: number('flatMs'), tolerance: number('tolerance') }),
    gap: stated({ maxGapMs: number('gapMs') }),
    duplicates: stated({ remember: number('remember') }),
    type: (text('type') as Rule['type']) ?? null,
    unit: unit === undefined ? null : unit === NO_UNIT ? '' : unit,
    allowed: allowed === undefined ? null : valuesOf(String(allowed)),
    expression: expression && {
      test: expression.test ?? '',
      verdict: expression.verdict as Schemas['ExpressionCheck']['verdict'],
    },
  };
}

/** The table's columns as a schema. `used` columns show without being asked for. */
export function columnsSchema(t: TFunction, used: ReadonlySet<string>): JsonSchema {
  const millis = { type: 'integer', minimum: 1, maximum: LONGEST_MS } as const;
  const number = { type: 'number' } as const;
  const cells: Record<keyof typeof PLACES, JsonSchema> = {
    min: number,
    max: number,
    required: { type: 'boolean' },
    warnMin: number,
    warnMax: number,
    perSecond: { type: 'number', exclusiveMinimum: 0 },
    withinMs: millis,
    flatMs: millis,
    tolerance: { type: 'number', minimum: 0 },
    gapMs: millis,
    remember: { type: 'integer', minimum: 0, maximum: 1000 },
    type: { type: 'string', enum: ['number', 'flag', 'text'] },
    unit: { type: 'string', maxLength: 64 },
    allowed: { type: 'string' },
    condition: { type: 'string', maxLength: 1000 },
    verdict: { type: 'string', enum: ['SUSPECT', 'BAD'] },
  };
  return {
    type: 'object',
    required: ['asset', 'parameter'],
    properties: {
      asset: {
        type: 'string',
        title: t('rules.asset'),
        description: t('rules.assetHint'),
        default: '*',
        minLength: 1,
      },
      parameter: {
        type: 'string',
        title: t('rules.parameter'),
        description: t('rules.assetHint'),
        minLength: 1,
      },
      ...Object.fromEntries(
        Object.entries(cells).map(([key, cell]) => [
          key,
          {
            ...cell,
            title: t(`rules.columns.${key as keyof typeof PLACES}`),
            description: t(`rules.hints.${key as keyof typeof PLACES}`),
            'x-advanced': !USUAL.has(key) && !used.has(key),
          },
        ]),
      ),
    },
  };
}
