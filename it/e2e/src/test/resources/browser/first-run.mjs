// What a person does on the first day, in a real browser. Arguments: console URL, screenshot folder, plant port, sink database port.
// Says "SEEN <picture>" as it goes, "TOKEN <token>" and reads the fingerprint that the gateway printed from standard input; says "LIVE <row>" at the end.
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';

const require = createRequire(path.join(process.env.STREAMFORGE_HOME, 'web-ui', 'package.json'));
const { chromium } = require('playwright-core');
const [console_, screenshots, plantPort, sinkPort] = process.argv.slice(2);
const input = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
page.setDefaultTimeout(60_000);
const problems = [];
page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
page.on('console', (message) => {
  if (message.type() === 'error' && !/status of (4\d\d|503)/.test(message.text())) problems.push(`console: ${message.text()}`);
});
const shot = async (name) => {
  await page.screenshot({ path: path.join(screenshots, `${name}.png`) });
  console.log(`SEEN ${name} after ${Math.round(performance.now() / 100) / 10} s`);
};
const field = (name) => page.getByRole('textbox', { name: new RegExp(`^${name}( \\*)?$`) });
const room = (name) => page.getByRole('navigation').getByRole('link', { name, exact: true }).click();

try {
  await page.goto(console_);
  const password = 'correct horse battery staple';
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Password again').fill(password);
  await shot('01-first-run');
  await page.getByRole('button', { name: 'Create administrator' }).click();
  await page.getByLabel('Plant name').fill('Plant North');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Look around first' }).click();

  await room('Gateways');
  await page.getByRole('button', { name: 'Add a gateway' }).first().click();
  await page.getByLabel('Name of the gateway').fill('gw-1');
  await page.getByRole('button', { name: 'Create token' }).click();
  const command = await page.getByText(/--token|STREAMFORGE_TOKEN/).first().innerText();
  await shot('02-enrolment-token');
  console.log(`TOKEN ${/(?:--token[ =]|STREAMFORGE_TOKEN=)['"]?([^\s'"]+)/.exec(command)[1]}`);
  const fingerprint = (await input.next()).value;
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('grid', { name: 'Gateways' }).getByRole('row', { name: /gw-1/ }).click();
  await page.getByLabel('Fingerprint printed by the gateway').fill(fingerprint);
  await shot('03-approve');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText('This gateway waits to be approved').waitFor({ state: 'hidden' });
  await page.keyboard.press('Escape');

  await room('Adapters');
  await page.getByRole('button', { name: 'New adapter' }).first().click();
  await page.getByRole('grid').getByRole('row', { name: /^Modbus TCP/ }).click();
  await field('Name').fill('Boiler 1');
  await field('Id').fill('boiler-1');
  await field('Asset').fill('boiler-1');
  await field('Host').fill('127.0.0.1');
  await field('Port').fill(plantPort);
  await page.getByRole('button', { name: 'Paste or import' }).click();
  await page
    .getByRole('textbox', { name: 'Rows' })
    .fill('Name\tArea\tAddress\tType\tScale\tUnit\nwater-temperature\tinput\t30002\tint16\t0.1\tCel\nsteam-pressure\tinput\t30001\tint16\t0.01\tbar');
  await page.getByRole('button', { name: 'Add 2 rows' }).click();
  await shot('04-adapter');
  // The gateway was approved seconds ago: until it has opened its command channel, the answer is that it cannot be asked now.
  const good = page.getByText(/2 of 2 points read/);
  do {
    await page.getByRole('button', { name: 'Test connection' }).click();
    await good.or(page.getByText(/cannot be asked now/)).first().waitFor();
  } while (!(await good.isVisible()));
  await shot('05-test-connection');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Boiler 1 saved').waitFor();

  await room('Deployments');
  await page.getByRole('button', { name: 'New deployment' }).first().click();
  await field('Name').fill('Line 1');
  await field('Id').fill('line-1');
  await page.getByRole('checkbox', { name: /Boiler 1/ }).check();
  await page.getByRole('button', { name: 'Save draft' }).click();
  await page.getByRole('button', { name: 'Activate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Activate' }).click();
  await page.getByText('Revision 1 activated').waitFor();
  await shot('06-activated');

  await room('Tags & trends');
  const row = page.getByRole('row', { name: /water-temperature/ });
  await row.getByText('Good').waitFor();
  await row.click();
  await page.waitForFunction(() => document.querySelector('canvas') !== null);
  await shot('07-live');
  const text = (await row.innerText()).replace(/\s+/g, ' ');
  if (!/\d/.test(text) || !/(°C|Cel)/.test(text)) throw new Error(`The row shows no value with its unit: ${text}`);
  console.log(`LIVE ${text}`);
  await room('Overview');
  await page.getByText('gw-1').first().waitFor();
  await shot('08-overview');
  if (problems.length > 0) throw new Error(problems.join('\n'));
} catch (error) {
  console.error(error, problems);
  await shot('99-failed');
  process.exitCode = 1;
} finally {
  await browser.close();
  process.exit();
}
