import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fixtureApps, manyApps } from './fixture-apps.js';
import { FixtureBoard } from './fixture-board.js';
import { FixtureLab } from './fixture-lab.js';
import { FixtureProblem, refuse } from './fixture-problems.js';
import type { Asked } from './fixture-route.js';
import { routes } from './fixture-routes.js';

export interface Fixture {
  readonly url: string;
  readonly board: FixtureBoard;
  readonly lab: FixtureLab;
  close(): Promise<void>;
}

export interface FixtureOptions {
  readonly webRoot: string;
  readonly port?: number;
  /** An empty board, as on the first day. */
  readonly isEmpty?: boolean;
  /** A full hall of so many apps. */
  readonly apps?: number;
}

/**
 * The pages and the API on loopback, without any service: believable data of the contracts' shapes, for work on the pages
 * and for their tests. It keeps nothing and checks little.
 */
export async function startFixture({ webRoot, port = 0, isEmpty = false, apps }: FixtureOptions): Promise<Fixture> {
  const rows = apps === undefined ? fixtureApps() : manyApps(apps);
  const board = new FixtureBoard(isEmpty ? [] : rows);
  const lab = new FixtureLab(board);
  const server = createServer((request, response) => {
    answer(request, response, { board, lab, webRoot }).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    board,
    lab,
    close: () => closeAll(server, lab),
  };
}

const closeAll = (server: Server, lab: FixtureLab): Promise<void> => {
  lab.stop();
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
};

interface Served {
  readonly board: FixtureBoard;
  readonly lab: FixtureLab;
  readonly webRoot: string;
}

async function answer(request: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fixture');
  if (!url.pathname.startsWith('/api/')) return sendFile(response, served.webRoot, url.pathname);
  if (served.lab.isAway) {
    response.destroy();
    return;
  }
  if (url.pathname === '/api/v1/events') {
    const after = Number(request.headers['last-event-id'] ?? url.searchParams.get('after'));
    served.board.watch(response, Number.isSafeInteger(after) ? after : 0, served.lab.isSignedIn);
    return;
  }
  try {
    const result = await dispatch(request, url, served);
    for (const cookie of result.cookies) response.setHeader('set-cookie', cookie);
    response.writeHead(result.status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(result.body === undefined ? '' : JSON.stringify(result.body));
  } catch (error) {
    if (!(error instanceof FixtureProblem)) throw error;
    response.writeHead(error.document.status, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ traceId: '4bf92f3577b34da64bf92f3577b34da6', ...error.document }));
  }
}

async function dispatch(request: IncomingMessage, url: URL, { lab }: Served) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  for (const [method, pattern, handle] of routes) {
    const match = request.method === method && pattern.exec(url.pathname);
    if (!match) continue;
    const asked: Asked = {
      lab,
      parts: match.slice(1).map((part) => decodeURIComponent(part ?? '')),
      query: url.searchParams,
      body: text ? (JSON.parse(text) as Record<string, unknown>) : {},
      headers: request.headers,
    };
    const { status = 200, cookies = [], body } = await handle(asked);
    return { status, cookies, body };
  }
  return refuse('not-found', 'There is nothing at this address.', 'Check the address; the board shows what exists.');
}

const mediaTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The same policy as the gateway's, so that what it refuses is seen here first. */
const policy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

async function sendFile(response: ServerResponse, webRoot: string, path: string): Promise<void> {
  const extension = extname(path);
  const file = extension in mediaTypes ? normalize(path) : '/index.html';
  try {
    const bytes = await readFile(join(webRoot, file));
    response.writeHead(200, {
      'content-type': mediaTypes[extname(file)]!,
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
    });
    response.end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}
