import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** What only a real browser can tell: contrast, and that the content security policy lets everything through. Needs `npm run build`. */
export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  test: {
    environment: 'node',
    include: ['src/testing/browser/*.browser.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
