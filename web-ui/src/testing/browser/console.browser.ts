import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type axe from 'axe-core';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deadLetter, establishedPlant, freshPlant, gateway, type PlantState } from '@/testing/plant';
import { serve } from './server';

const dist = fileURLToPath(new URL('../../../dist', import.meta.url));
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const pending = () =>
  establishedPlant({
    gateways: [gateway({ health: 'DEGRADED' }), gateway({ id: 'gw-2', name: 'gw-2', status: 'PENDING' })],
  });
const letters = () =>
  establishedPlant({
    deadLetters: [
      deadLetter('l1'),
      deadLetter(
        'l2',
        { reasonCode: 'BAD_FRAME', value: null },
        { record: null, actions: ['REPROCESS', 'DISCARD'] },
      ),
    ],
  });
const pages: [string, () => PlantState, string][] = [
  ['/login', () => establishedPlant({ signedIn: false }), 'Sign in to StreamForge'],
  ['/first-run', () => freshPlant(), 'Create the administrator'],
  ['/overview', pending, 'Gateways and their flow'],
  ['/gateways', pending, 'Gateways'],
  ['/gateways?gateway=gw-1', pending, 'Routes'],
  ['/gateways?gateway=gw-2', pending, 'This gateway waits to be approved'],
  ['/adapters', () => establishedPlant(), 'Adapters'],
  ['/adapters/press-07', () => establishedPlant(), 'Press 07'],
  ['/sinks/history', () => establishedPlant(), 'History'],
  ['/rules/plant-rules', () => establishedPlant(), 'Plant rules'],
  ['/deployments/line-7', () => establishedPlant(), 'Line 7'],
  ['/dead-letters', letters, 'Dead letters'],
  ['/dead-letters?letter=l1', letters, 'Original bytes'],
  ['/tags?trend=gw-1/press-07/temperature', () => establishedPlant(), 'Trend'],
];

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
});
afterAll(() => browser.close());

test.each(
  pages.flatMap(([path, state, heading]) =>
    (['light', 'dark'] as const).map((scheme) => ({ path, state, heading, scheme })),
  ),
)(
  '$path in the $scheme theme: axe finds nothing, the policy blocks nothing',
  async ({ path, state, heading, scheme }) => {
    const server = await serve(dist, state());
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      colorScheme: scheme,
      reducedMotion: 'reduce',
    });
    try {
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text());
      });
      await page.goto(server.url + path);
      await page.getByRole('heading', { name: heading, exact: true }).first().waitFor();
      await page.evaluate(axeSource);
      const { violations } = await page.evaluate(() =>
        (globalThis as unknown as { axe: typeof axe }).axe.run(),
      );
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
        [],
      );
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
      server.close();
    }
  },
);
