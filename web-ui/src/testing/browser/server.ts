import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { getResponse } from 'msw';
import type { Schemas } from '@/api/types';
import { controlPlane, type PlantState } from '@/testing/plant';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
/** As the control plane sends it. */
const policy = (nonce: string) =>
  `default-src 'self'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; ` +
  "connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** The built console over a control plane with that state, on a free port of this machine. */
export async function serve(dist: string, state: PlantState): Promise<{ url: string; close: () => void }> {
  const handlers = controlPlane(state);

  const api = async (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const body: Buffer[] = [];
    for await (const chunk of request) body.push(chunk as Buffer);
    const answer = await getResponse(
      handlers,
      new Request(url, {
        method: request.method,
        headers: request.headers as Record<string, string>,
        body: body.length ? Buffer.concat(body) : undefined,
      }),
    );
    response.writeHead(answer?.status ?? 501, Object.fromEntries(answer?.headers ?? []));
    response.end(answer ? Buffer.from(await answer.arrayBuffer()) : undefined);
  };

  const live = (response: ServerResponse, url: URL) => {
    const values = url.searchParams.getAll('tag').map((tag, index): Schemas['TagValue'] => {
      const [assetId = '', parameter = ''] = tag.split('/');
      const bad = index % 2 === 1;
      return {
        assetId,
        parameter,
        value: bad ? null : 24.1,
        unit: 'Cel',
        quality: bad ? 'BAD' : 'GOOD',
        reason: bad ? '0x02 ILLEGAL_DATA_ADDRESS' : null,
        deviceTime: null,
        gatewayTime: new Date().toISOString(),
      };
    });
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(`event:values\ndata:${JSON.stringify(values)}\n\n`);
  };

  const file = (response: ServerResponse, url: URL) => {
    const asked = path.join(dist, url.pathname);
    const found = url.pathname !== '/' && existsSync(asked) ? asked : path.join(dist, 'index.html');
    response.writeHead(200, {
      'Content-Type': TYPES[path.extname(found)] ?? 'application/octet-stream',
      'Content-Security-Policy': policy('of-this-answer'),
    });
    response.end(
      found.endsWith('.html')
        ? readFileSync(found, 'utf8').replaceAll('__CSP_NONCE__', 'of-this-answer')
        : readFileSync(found),
    );
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname === '/api/v1/tags/live') live(response, url);
    else if (url.pathname.startsWith('/api/') || url.pathname.startsWith('/health'))
      void api(request, response, url);
    else file(response, url);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
