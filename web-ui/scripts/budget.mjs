// Checks the built console against the budgets of the design (KB of 1000 bytes, gzip; fonts as they are).
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const gzipped = (file) => gzipSync(readFileSync(new URL(file, dist))).length;

/** The chunks that a page needs, without those already loaded. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  (manifest[key].imports ?? []).forEach((imported) => closure(imported, seen));
  return seen;
}
const bytes = (keys) => [...keys].reduce((sum, key) => sum + gzipped(manifest[key].file), 0);
const initial = closure('index.html');
const lazy = (key) => bytes([...closure(key)].filter((chunk) => !initial.has(chunk)));

const assets = readdirSync(new URL('assets/', dist));
const rows = [
  ['initial JS', bytes(initial), 220],
  [
    'all CSS',
    assets.filter((f) => f.endsWith('.css')).reduce((sum, f) => sum + gzipped(`assets/${f}`), 0),
    30,
  ],
  ['adapter form', lazy('src/app/routes/adapter.tsx'), 120],
  ['tags and trend', lazy('src/app/routes/tags.tsx'), 41],
  [
    'fonts (latin)',
    assets
      .filter((f) => /-latin-wght-normal.*\.woff2$/.test(f))
      .reduce((sum, f) => sum + readFileSync(new URL(`assets/${f}`, dist)).length, 0),
    90,
  ],
];
let over = false;
for (const [what, size, budget] of rows) {
  const kb = size / 1000;
  over ||= kb > budget;
  console.log(
    `${what.padEnd(16)} ${kb.toFixed(1).padStart(7)} KB of ${budget}${kb > budget ? '  OVER' : ''}`,
  );
}
process.exit(over ? 1 : 0);
