import { QueryClient } from '@tanstack/react-query';
import { createRouter, type RouterHistory } from '@tanstack/react-router';
import { onSignedOut } from '@/api/client';
import { toProblem } from '@/api/problem';
import { routeTree } from './router';

/** One console: its router and its cache. Tests make one per test. */
export function createConsole(history?: RouterHistory) {
  const queryClient = new QueryClient({
    defaultOptions: {
      queries: {
        // a refusal does not change by asking again; a broken line may heal
        retry: (failures, error) => failures < 2 && (toProblem(error).status ?? 503) >= 500,
        retryDelay: 1000,
        networkMode: 'always',
        staleTime: 2000,
      },
      mutations: { networkMode: 'always' },
    },
  });
  const router = createRouter({ routeTree, context: { queryClient }, history, defaultPreload: 'intent' });
  onSignedOut(() => {
    const { pathname, href } = router.state.location;
    if (pathname === '/login') return;
    queryClient.clear();
    void router.navigate({ to: '/login', search: { next: href } });
  });
  return { router, queryClient };
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsole>['router'];
  }
}
