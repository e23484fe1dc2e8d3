import createFetchClient, { type Middleware } from 'openapi-fetch';
import createQueryClient from 'openapi-react-query';
import { connection } from './connection';
import { ProblemError, problemOf } from './problem';
import type { paths } from './schema';

let signedOut = () => {};
/** Called when the control plane no longer knows this session. */
export const onSignedOut = (listener: () => void) => {
  signedOut = listener;
};

async function answered(request: Request): Promise<Response> {
  const started = performance.now();
  try {
    const response = await globalThis.fetch(request);
    connection.answered(performance.now() - started, response.headers.get('Date'));
    return response;
  } catch (error) {
    if (request.signal.aborted) throw error;
    connection.unanswered();
    throw new ProblemError({ status: null, title: String(error), detail: null, requestId: null, errors: [] });
  }
}

const middleware: Middleware = {
  onRequest: ({ request }) => {
    if (request.method !== 'GET') request.headers.set('X-Requested-With', 'StreamForge');
    return request;
  },
  onResponse: async ({ response, schemaPath }) => {
    if (response.ok) return;
    if (response.status === 401 && !schemaPath.includes('/auth/')) signedOut();
    throw await problemOf(response);
  },
};

export const http = createFetchClient<paths>({
  baseUrl: globalThis.location.origin,
  fetch: (request) => answered(request),
});
http.use(middleware);

export const $api = createQueryClient(http);

/** Asks whether anybody is there; cheap enough to be asked every second. */
export async function heartbeat(): Promise<void> {
  const started = performance.now();
  try {
    const response = await globalThis.fetch('/health/live', {
      signal: AbortSignal.timeout(2000),
      cache: 'no-store',
    });
    connection.answered(performance.now() - started, response.headers.get('Date'));
  } catch {
    connection.unanswered();
  }
}
