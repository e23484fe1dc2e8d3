import { expect, test } from 'vitest';
import { checker } from './check';

const check = checker({
  type: 'object',
  required: ['host'],
  properties: {
    host: { type: 'string', minLength: 1 },
    port: { type: 'integer', minimum: 1, maximum: 65535 },
    order: { type: 'string', enum: ['big', 'little'] },
    password: { type: 'string', format: 'password' },
  },
});

test('says what the rule is and what it got, at the field', () => {
  expect(check({ port: 70000, order: 'middle' })).toEqual([
    { pointer: '/host', message: 'is required' },
    { pointer: '/port', message: 'must be at most 65535, got 70000' },
    { pointer: '/order', message: 'must be one of big, little, got "middle"' },
  ]);
});

test('an emptied field counts as absent', () => {
  expect(check({ host: undefined })).toEqual([{ pointer: '/host', message: 'is required' }]);
});

test('a secret is a reference, never a value', () => {
  expect(check({ host: 'a', password: { $secret: 'press-07.password' } })).toEqual([]);
  expect(check({ host: 'a', password: 'hunter2' })).toEqual([
    { pointer: '/password', message: 'must be of type object, got "hunter2"' },
  ]);
});
