import type { FormContextType, RJSFSchema, StrictRJSFSchema, ValidatorType } from '@rjsf/utils';
import { checker, type JsonSchema } from './check';

const checkers = new WeakMap<object, (value: unknown) => unknown[]>();

function issues(schema: StrictRJSFSchema | boolean, value: unknown): unknown[] {
  if (typeof schema === 'boolean') return schema ? [] : [schema];
  const known = checkers.get(schema) ?? checker(schema as JsonSchema);
  checkers.set(schema, known);
  return known(value);
}

/**
 * What RJSF asks of a validator to choose between branches of a schema (oneOf, if). The form's own errors do not come
 * from here: they are handed to it, together with the control plane's.
 */
export const branchValidator: ValidatorType<unknown, RJSFSchema, FormContextType> = {
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  rawValidation: () => ({ errors: [] }),
  isValid: (schema, value, root) =>
    issues(schema.$ref ? { ...schema, $defs: root.$defs, definitions: root.definitions } : schema, value)
      .length === 0,
};
