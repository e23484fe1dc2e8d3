import type { components } from './schema';

/** The API's objects by name: `Schemas['Adapter']`. */
export type Schemas = components['schemas'];
