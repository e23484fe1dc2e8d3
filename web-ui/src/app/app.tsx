import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { type AnyRouter, RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { createConsole } from './console';
import './styles.css';
import { schemeManager } from './scheme';
import { cssVariables, theme } from './theme';

/** The control plane writes a fresh nonce into the page with every answer. */
const nonce = () => document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

interface AppProps {
  /** Router and cache; a test brings its own. */
  console?: ReturnType<typeof createConsole>;
  /** `test` leaves transitions out. */
  env?: 'default' | 'test';
}

export function App({ console, env = 'default' }: AppProps) {
  const [{ router, queryClient }] = useState(() => console ?? createConsole());
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={schemeManager}
      defaultColorScheme="auto"
      getStyleNonce={nonce}
      env={env}
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router as AnyRouter} />
        <Notifications position="bottom-right" autoClose={5000} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
