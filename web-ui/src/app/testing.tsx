import { createMemoryHistory } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from '@/app/app';
import { createConsole } from '@/app/console';
import { controlPlane, type PlantState } from '@/testing/plant';
import { server } from '@/testing/server';

/** Opens the console at a path, over a control plane with that state. */
export function openConsole(path: string, state: PlantState) {
  server.use(...controlPlane(state));
  const created = createConsole(createMemoryHistory({ initialEntries: [path] }));
  render(<App console={created} env="test" />);
  return { user: userEvent.setup({ delay: null }), router: created.router, state };
}
