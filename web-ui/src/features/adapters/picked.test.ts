import { expect, test } from 'vitest';
import { branches, named } from './picked';

const press = { id: 'n1', name: 'Press 1' };
const other = { id: 'n2', name: 'Press 2' };

test('a taken name gets that of its branch in front, then a number behind', () => {
  const picked = [
    { point: { name: 'Temperature', node: 'a' }, below: press },
    { point: { name: 'Temperature', node: 'b' }, below: other },
    { point: { name: 'Temperature', node: 'c' }, below: other },
  ];
  expect(named(picked, [])).toEqual([
    { name: 'Temperature', node: 'a' },
    { name: 'Press 2.Temperature', node: 'b' },
    { name: 'Press 2.Temperature 2', node: 'c' },
  ]);
});

test('what the table has already is not added again, whatever it is called there', () => {
  const points = [{ name: 'oil', node: 'a', unit: 'Cel' }];
  expect(named([{ point: { name: 'Temperature', node: 'a' }, below: press }], points)).toEqual([]);
});

test('a typed path opens each of its branches', () => {
  expect(branches(' /Press/Rate &/ s/ ')).toEqual([
    { id: '/Press', name: 'Press' },
    { id: '/Press/Rate &/ s', name: 'Rate / s' },
  ]);
  expect(branches('/')).toEqual([]);
});
