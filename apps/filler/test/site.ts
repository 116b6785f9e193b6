import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { readdirSync, readFileSync } from 'node:fs';
import type { Payload } from './pages.js';
import { BrowserDriver } from '../src/clients/browser-driver.js';
import { browsingStarter } from '../src/clients/browsing-process.js';
import type { SendResult } from '../src/clients/fill-driver.js';
import { WriteSender } from '../src/clients/write-sender.js';
import type { BrowsingSettings } from '../src/browsing/messages.js';
import { EgressClient } from '#libs/egress/src/egress-client.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';

export interface Site {
  readonly url: string;
  readonly port: number;
  /** Path and body of each POST, as it came. */
  readonly posts: readonly string[];
  close(): void;
}

/** Answers as the reference app does. */
export const takesIt: RequestListener = (req, res) =>
  void res.end(req.url?.includes('values') ? '{"working":true}' : '{"ok":true}');

/** An app that shows `page` and answers posts with `answer`; remembers the posts. */
export async function startSite(
  page: string | RequestListener,
  answer: RequestListener = takesIt,
  tls?: ServerOptions,
): Promise<Site> {
  const posts: string[] = [];
  const listener: RequestListener = (req, res) => {
    if (req.method === 'POST') {
      let body = '';
      req.on('data', (chunk: Buffer) => (body += chunk.toString()));
      req.on('end', () => (posts.push(`${req.url} ${body}`), answer(req, res)));
    } else if (typeof page === 'function') page(req, res);
    else res.setHeader('content-type', 'text/html').end(`<!doctype html><title>app</title>${page}`);
  };
  const server: Server = tls ? createSecureServer(tls, listener) : createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const close = () => (server.closeAllConnections(), void server.close());
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, port, posts, close };
}

export interface Driving {
  readonly driver: BrowserDriver;
  close(): Promise<void>;
}

/** The real driver for these sites, with a browsing process and an egress client of its own. */
export function drive(
  sites: readonly { readonly port: number }[],
  settings: Partial<Omit<BrowsingSettings, 'chromium'>> & { readonly trustedCa?: readonly string[] } = {},
): Driving {
  const { trustedCa, ...browsing } = settings;
  const allow = sites.map(({ port }) => `127.0.0.1:${port}`);
  const client = new EgressClient({ policy: new EgressPolicy({ allow }), ...(trustedCa ? { trustedCa } : {}) });
  const driver = new BrowserDriver(browsingStarter({ allow, ...browsing }), new WriteSender(client));
  return { driver, close: async () => (await driver.close(), client.close()) };
}

const visitMs = 60_000;
const writeMs = 30_000;

/** One visit, with these writes. */
export async function visit(driver: BrowserDriver, { url }: Site, ...payloads: Payload[]): Promise<SendResult[]> {
  const session = await driver.open(url, AbortSignal.timeout(visitMs));
  try {
    const results: SendResult[] = [];
    for (const payload of payloads) results.push(await session.send(payload, AbortSignal.timeout(writeMs)));
    return results;
  } finally {
    await session.close();
  }
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly status: string;
}

function processes(): Process[] {
  const read = (pid: string): Process[] => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
      return [{ pid: Number(pid), parent, status, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8') }];
    } catch {
      return []; // it has just ended
    }
  };
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap(read); // prettier-ignore
}

/** The browsing processes of this test, and every process below them. */
export function ownProcesses(): { browsing: Process[]; browsers: Process[]; all: Process[] } {
  const all = processes();
  const below = (pids: readonly number[]): Process[] => {
    const children = all.filter(({ parent }) => pids.includes(parent));
    return children.length === 0 ? [] : [...children, ...below(children.map(({ pid }) => pid))];
  };
  const browsing = all.filter(({ parent, command }) => parent === process.pid && command.includes('browsing-program'));
  const inside = below(browsing.map(({ pid }) => pid));
  const browsers = inside.filter(({ command }) => command.includes('--user-data-dir') && !command.includes('--type='));
  return { browsing, browsers, all: [...browsing, ...inside] };
}

/** Waits for a fact about processes, which no event of ours announces. */
export async function eventually(fact: () => boolean): Promise<void> {
  for (const end = performance.now() + 10_000; !fact();) {
    if (performance.now() > end) throw new Error(`never: ${String(fact)}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}
