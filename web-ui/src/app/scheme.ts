import { localStorageColorSchemeManager } from '@mantine/core';

/** The same key as public/scheme.js reads before the first paint. */
export const schemeManager = localStorageColorSchemeManager({ key: 'streamforge-scheme' });
