import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import i18next from '@/i18n';

export type JsonSchema = Schema & {
  title?: string;
  description?: string;
  default?: unknown;
};

/** One thing wrong with a value; `pointer` is a JSON pointer into that value. */
export interface Issue {
  pointer: string;
  message: string;
}

/** Keywords whose own message only repeats that something below them failed. */
const wrappers = new Set([
  'properties',
  'items',
  'prefixItems',
  'additionalProperties',
  'patternProperties',
  'allOf',
  '$ref',
  'if',
  'then',
  'else',
  'dependentSchemas',
]);

const walk = (root: unknown, pointer: string): unknown =>
  pointer
    .replace(/^#\/?|^\//, '')
    .split('/')
    .filter((step) => step !== '')
    .map((step) => decodeURIComponent(step).replace(/~1/g, '/').replace(/~0/g, '~'))
    .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], root);

function message(schema: JsonSchema, data: unknown, unit: OutputUnit): string {
  const limit = walk(schema, unit.keywordLocation);
  const got = walk(data, unit.instanceLocation);
  const values = { limit: Array.isArray(limit) ? limit.join(', ') : String(limit), got: JSON.stringify(got) };
  const t = i18next.t;
  switch (unit.keyword) {
    case 'minimum':
      return t('check.minimum', values);
    case 'maximum':
      return t('check.maximum', values);
    case 'exclusiveMinimum':
      return t('check.exclusiveMinimum', values);
    case 'exclusiveMaximum':
      return t('check.exclusiveMaximum', values);
    case 'type':
      return t('check.type', values);
    case 'enum':
      return t('check.enum', values);
    case 'pattern': {
      // people read what it is, not the expression that tells
      const { description } = (walk(schema, unit.keywordLocation.replace(/\/pattern$/, '')) ??
        {}) as JsonSchema;
      return description ? t('check.written', { ...values, description }) : t('check.pattern', values);
    }
    case 'format':
      return t('check.format', values);
    case 'minLength':
      return values.limit === '1' ? t('check.required') : t('check.minLength', values);
    case 'maxLength':
      return t('check.maxLength', values);
    case 'const':
      return t('check.const', values);
    case 'not':
      return t('check.not', values);
    default:
      return unit.error;
  }
}

/** A secret's value never passes through the console: the field holds the name of one. */
const withSecretReferences = (schema: JsonSchema): JsonSchema => {
  if (!schema.properties) return schema;
  const properties = Object.fromEntries(
    Object.entries(schema.properties).map(([name, property]) => [
      name,
      typeof property === 'object' && property.format === 'password'
        ? {
            type: 'object' as const,
            required: ['$secret'],
            properties: { $secret: { type: 'string' as const, minLength: 1 } },
          }
        : property,
    ]),
  );
  return { ...schema, properties };
};

/** A validator without eval (ajv generates code, which the content security policy forbids). */
export function checker(schema: JsonSchema): (value: unknown) => Issue[] {
  const effective = withSecretReferences(schema);
  const validator = new Validator(effective, '2020-12', false);
  return (value) => {
    // a cleared field is undefined in the form and absent in JSON
    const data: unknown = JSON.parse(JSON.stringify(value ?? null));
    return validator.validate(data).errors.flatMap((unit): Issue[] => {
      if (wrappers.has(unit.keyword)) return [];
      const pointer = unit.instanceLocation.replace(/^#/, '');
      if (unit.keyword !== 'required') return [{ pointer, message: message(effective, data, unit) }];
      const missing = /"(.*)"/.exec(unit.error)?.[1] ?? '';
      return [{ pointer: `${pointer}/${missing}`, message: i18next.t('check.required') }];
    });
  };
}
