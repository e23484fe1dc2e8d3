import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
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
  ['/no/such/page', () => establishedPlant(), 'Not found'],
  ['/adapters', () => establishedPlant(), 'Adapters'],
  ['/adapters/new', () => establishedPlant(), 'New adapter'],
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

/** What axe finds. */
async function violations(page: Page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

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
      expect(await violations(page)).toEqual([]);
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
      server.close();
    }
  },
);

/** A page over a plant, for one test, which closes it. */
async function open(path: string, width: number, state = establishedPlant()) {
  const server = await serve(dist, state);
  const context = await browser.newContext({ viewport: { width, height: 844 }, acceptDownloads: true });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(server.url + path);
  return {
    page,
    complaints,
    close: async () => {
      await context.close();
      server.close();
    },
  };
}

test('on a phone a tag shows value, unit, quality and age without scrolling sideways', async () => {
  const { page, close } = await open('/tags', 390);
  try {
    const row = page.getByRole('row', { name: /pressure/ });
    await row.getByText('Good').waitFor();
    for (const text of ['press-07', 'pressure', '24.1', '°C', 'Good', / s$/]) {
      const box = await row.getByText(text).boundingBox();
      expect(box?.width, String(text)).toBeGreaterThan(0);
      expect((box?.x ?? 0) + (box?.width ?? 0), String(text)).toBeLessThanOrEqual(390);
    }
    const scrolled = await page
      .getByRole('grid')
      .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    expect(scrolled).toBe(0);
    const boxes = await page.getByRole('row').evaluateAll((rows) =>
      rows
        .map((each) => each.getBoundingClientRect())
        .filter(({ height }) => height > 0)
        .map(({ top, bottom }) => [top, bottom] as const)
        .sort(([a], [b]) => a - b),
    );
    expect(await page.getByText('Bad: 0x02 ILLEGAL_DATA_ADDRESS').isVisible()).toBe(true);
    expect(boxes).toHaveLength(2);
    expect(boxes[0]?.[1]).toBeLessThanOrEqual(boxes[1]?.[0] ?? 0);
    expect(await violations(page)).toEqual([]);
  } finally {
    await close();
  }
});

test.each([
  ['/overview', pending()],
  ['/gateways', pending()],
  ['/dead-letters', letters()],
  ['/adapters', pending()],
])('on a phone %s says what is wrong without scrolling sideways', async (path, state) => {
  const { page, close } = await open(path, 390, state);
  try {
    const grid = page.getByRole('grid').first();
    await grid.getByRole('row').nth(1).waitFor();
    const box = await grid.boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
  } finally {
    await close();
  }
});

test('on a phone a route of a gateway is read by its name', async () => {
  const { page, close } = await open('/gateways?gateway=gw-1', 390, pending());
  try {
    const name = page.getByRole('grid', { name: 'Routes' }).getByText('adapter.press-07', { exact: true });
    await name.waitFor();
    expect((await name.boundingBox())?.width).toBeGreaterThan(100);
  } finally {
    await close();
  }
});

test('a point table is exported as CSV and comes back changed, with what is wrong told by line', async () => {
  const { page, complaints, close } = await open('/adapters/press-07', 1440);
  try {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    expect((await download).suggestedFilename()).toBe('press-07-points.csv');
    const csv = readFileSync(await (await download).path(), 'utf8');
    expect(csv).toBe(
      '\uFEFFname,area,address,type,scale,offset,unit\r\n' +
        'temperature,holding,40001,int16,0.1,,Cel\r\npressure,input,30001,float32,,,bar\r\n',
    );

    await page.getByRole('button', { name: 'Paste or import' }).click();
    const dialog = page.getByRole('dialog');
    const changed = `${csv.replace('30001', '3ooo1')}flow,input,30003,float32,1,0,m3/h,hot\r\nhei\u00DF,holding,40002\r\n`;
    // as a spreadsheet of Windows writes it
    const buffer = Buffer.from(changed.replace('\uFEFF', ''), 'latin1');
    await dialog.getByLabel('CSV file').setInputFiles({ name: 'points.csv', mimeType: 'text/csv', buffer });
    await dialog.getByText('4 rows read.').waitFor();
    expect(await dialog.getByRole('listitem').allTextContents()).toEqual([
      expect.stringMatching(/^Line 3: Address must .*"3ooo1"/),
      expect.stringMatching(/^Line 4: has more cells than there are columns/),
    ]);

    await dialog.getByRole('button', { name: 'Replace the 2 rows there are' }).click();
    await page.getByText('4 rows').waitFor();
    expect(await page.getByRole('textbox', { name: 'Address, row 2' }).getAttribute('aria-invalid')).toBe(
      'true',
    );
    expect(await page.getByRole('textbox', { name: 'Name, row 4' }).inputValue()).toBe('hei\u00DF');
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
});
