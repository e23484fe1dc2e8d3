import { toProblem } from '@/api/problem';
import type { Issue } from './check';

/** The issues below one pointer, with the pointer taken off. */
export const under = (issues: Issue[], prefix: string): Issue[] =>
  issues.flatMap(({ pointer, message }) =>
    pointer === prefix || pointer.startsWith(`${prefix}/`)
      ? [{ pointer: pointer.slice(prefix.length), message }]
      : [],
  );

/** The messages at one field, joined; undefined when all is well. */
export const at = (issues: Issue[], pointer: string): string | undefined =>
  issues
    .filter((issue) => issue.pointer === pointer)
    .map(({ message }) => message)
    .join('. ') || undefined;

/** What a refused write says of its fields. */
export const refused = (error: unknown): Issue[] => (error ? toProblem(error).errors : []);

/** "Press line 7" → "press-line-7": a first proposal for an id. */
export const slug = (name: string) =>
  name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
