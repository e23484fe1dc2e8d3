import { readdirSync } from 'node:fs';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Imports go one way: app → features → components → api. A feature never sees another one. */
const features = readdirSync(new URL('./src/features', import.meta.url));
const zone = (files, forbidden, why) => ({
  files: [`${files}/**/*.{ts,tsx}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          { group: ['../../*'], message: 'Write @/… for what lies outside this folder.' },
          { group: forbidden, message: why },
        ],
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ['dist', 'src/api/schema.d.ts'] },
  ...tseslint.configs.recommended,
  reactHooks.configs.flat.recommended,
  jsxA11y.flatConfigs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
    },
  },
  zone('src/api', ['@/app/*', '@/features/*', '@/components/*'], 'The API client knows no screen.'),
  zone('src/components', ['@/app/*', '@/features/*'], 'Components know no feature.'),
  ...features.map((name) =>
    zone(
      `src/features/${name}`,
      ['@/app/*', ...features.filter((other) => other !== name).map((other) => `@/features/${other}/*`)],
      'A feature imports neither the app nor another feature.',
    ),
  ),
);
