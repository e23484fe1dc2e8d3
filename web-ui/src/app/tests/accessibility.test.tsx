import { screen } from '@testing-library/react';
import axe from 'axe-core';
import { expect, test } from 'vitest';
import { deadLetter, establishedPlant, freshPlant, type PlantState } from '@/testing/plant';
import { openConsole } from '../testing';

// contrast needs a real browser: `npm run test:browser` has that part
const pages: [string, () => PlantState, string][] = [
  ['/login', () => establishedPlant({ signedIn: false }), 'Sign in to StreamForge'],
  ['/first-run', () => freshPlant(), 'Create the administrator'],
  ['/overview', () => establishedPlant(), 'Gateways and their flow'],
  ['/gateways?gateway=gw-1', () => establishedPlant(), 'Routes'],
  ['/adapters', () => establishedPlant(), 'Adapters'],
  ['/adapters/press-07', () => establishedPlant(), 'Press 07'],
  ['/sinks/history', () => establishedPlant(), 'History'],
  ['/rules/plant-rules', () => establishedPlant(), 'Plant rules'],
  ['/deployments/line-7', () => establishedPlant(), 'Line 7'],
  [
    '/dead-letters?letter=l1',
    () =>
      establishedPlant({
        deadLetters: [deadLetter('l1'), deadLetter('l2', { reasonCode: 'TYPE_MISMATCH' })],
      }),
    'Original bytes',
  ],
  ['/tags?trend=gw-1/press-07/temperature', () => establishedPlant(), 'Trend'],
];

test.each(pages)('axe finds nothing on %s', async (path, state, heading) => {
  // as index.html has them
  document.title = 'StreamForge';
  document.documentElement.lang = 'en';
  openConsole(path, state());
  await screen.findByRole('heading', { name: heading });
  const { violations } = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
});
