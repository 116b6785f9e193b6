// What egress-netns.int-spec.ts runs inside its namespaces, one mode per process; each prints one line of JSON per question.
//   canary: answers on many ports of every address of its namespace, and tells which addresses were reached. Port 3000 is an app with a
//           hostile page.
//   lab:    runs the client, the proxy and, for control, bare sockets, as the questions on stdin say.
import { once } from 'node:events';
import { createServer, connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { EgressClient, type EgressClientOptions } from '#libs/egress/src/egress-client.js';
import type { EgressError } from '#libs/egress/src/egress-code.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import { EgressProxy, type OpenVisit } from '#libs/egress/src/egress-proxy.js';
import { NameResolver } from '#libs/egress/src/resolver.js';
import { rebindingNames } from '#libs/egress/test/ssrf-vectors.js';
import type * as DriverModule from '../../apps/filler/src/clients/browser-driver.js';
import type * as ProcessModule from '../../apps/filler/src/clients/browsing-process.js';
import type * as SenderModule from '../../apps/filler/src/clients/write-sender.js';
import { ordinaryPage } from '../../apps/filler/test/pages.js';
import { behave, reaching } from './browser-behaviours.js';
import { startDns } from './egress-dns-server.js';
import { reply } from './egress-hostile-app.js';

export type Question =
  | { readonly do: 'hits' }
  | { readonly do: 'bare'; readonly targets: readonly (readonly [host: string, port: number])[] }
  | { readonly do: 'client' | 'plain' | 'connect'; readonly urls: readonly string[] }
  | { readonly do: 'crowd'; readonly urls: readonly string[]; readonly perSecond: number }
  | { readonly do: 'browse'; readonly url: string }
  | { readonly do: 'leave' };

const canaryPorts = [22, 25, 80, 443, 3000, 4222, 5432, 6379, 8000, 8080, 8443, 9222];

const sitePort = 3000;
/** Its page tries to reach everything that exists out there and in the lab. */
const targets = ['169.254.169.254', '10.0.0.5', '100.100.100.200', '127.0.0.1', '[::1]', '[fd00:ec2::254]'].map((host) => `http://${host}:8080/`); // prettier-ignore
const page = `<!doctype html><body>${ordinaryPage}<script>${behave(reaching, targets)}</script>`;
function site(asked: string): Buffer {
  if (asked.startsWith('POST')) return reply('{"ok":true,"working":true}', 'Content-Type: application/json');
  return asked.startsWith('GET / ') ? reply(page, 'Content-Type: text/html') : reply('');
}

async function canary(): Promise<(question: Question) => Promise<unknown>> {
  const hits: string[] = [];
  for (const port of canaryPorts) {
    const server = createServer((socket) => {
      hits.push(`${socket.localAddress?.replace('::ffff:', '')} ${port}`);
      socket.on('error', () => socket.destroy());
      socket.once('data', (data) => {
        const asked = data.toString('latin1');
        if (asked.startsWith('POST /behaved')) hits.push('behaved');
        socket.end(port === sitePort ? site(asked) : reply('reached'));
      });
    });
    await once(server.listen(port, '::'), 'listening');
  }
  return () => Promise.resolve(hits.splice(0));
}

/** Public at first, then inside, for names that begin with `turn`; the list's names lead inside at once. */
const script = (name: string, asked: number) => {
  const inside = rebindingNames[name];
  if (name.startsWith('mixed.')) return { a: ['93.184.216.34', '10.0.0.5'] };
  if (name.startsWith('six.')) return { a: ['93.184.216.34'], aaaa: ['fd00:ec2::254'] };
  if (name.startsWith('public.')) return { a: ['93.184.216.34'] };
  return { a: [inside ?? (asked === 0 ? '93.184.216.34' : '169.254.169.254')] };
};

async function lab(): Promise<(question: Question) => Promise<unknown>> {
  const dns = await startDns(script);
  const options = {
    policy: new EgressPolicy({ allow: ['10.0.0.7:8080', '127.0.0.1:40001'] }),
    resolver: new NameResolver({ servers: [dns.address] }),
  };
  // A kept connection would not ask DNS again.
  const client = new EgressClient({
    ...options,
    requestLimits: { connectMs: 400 },
    clientLimits: { idleConnectionsMax: 0 },
  });
  const proxy = new EgressProxy(options);
  const names = ['turn-plain', 'turn-connect', 'mixed', 'six'].map((name) => `http://${name}.egress-lab.dev:8080`);
  const visit = await proxy.openFor([...names, 'http://93.184.216.34:8080'], {
    requestsMax: 10_000,
    refusalsMax: 10_000,
  });
  let leave: Leave = () => Promise.resolve([]);
  return async (question) => {
    if (question.do === 'bare') return Promise.all(question.targets.map(([host, port]) => reach(host, port)));
    if (question.do === 'hits') return [];
    if (question.do === 'leave') return leave();
    if (question.do === 'crowd') return crowd(options, question.urls, question.perSecond);
    if (question.do === 'browse') {
      const opened = await browse(new EgressClient(options), question.url);
      leave = opened.leave;
      return [opened.outcome];
    }
    const outcomes: unknown[] = [];
    for (const url of question.urls) {
      outcomes.push(question.do === 'client' ? await ask(client, url) : await throughProxy(visit, question.do, url));
    }
    return outcomes;
  };
}

const ask = (client: EgressClient, url: string) =>
  client.request({ method: 'POST', url, body: 'x' }).then(
    ({ status }) => ({ status }),
    ({ code, maybeSent }: EgressError) => ({ code, maybeSent }),
  );

/** All at once; first how long they took, in milliseconds. */
async function crowd(options: EgressClientOptions, urls: readonly string[], perSecond: number): Promise<unknown[]> {
  const client = new EgressClient({ ...options, clientLimits: { addressPerSecond: perSecond, addressBurst: 1 } });
  const startedAt = performance.now();
  const outcomes = await Promise.all(urls.map((url) => ask(client, url)));
  client.close();
  return [performance.now() - startedAt, ...outcomes];
}

async function reach(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port, timeout: 1_000 });
  socket.once('timeout', () => socket.destroy(new Error('timeout')));
  const reached = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return reached;
}

type Leave = () => Promise<unknown[]>;

/** The driver as it was built: Node runs no decorators from source. Between its two writes the page has the time it needs to misbehave. */
async function browse(client: EgressClient, url: string): Promise<{ outcome: string; leave: Leave }> {
  const clients = join(import.meta.dirname, '../../dist/apps/filler/src/clients');
  const { BrowserDriver } = (await import(`${clients}/browser-driver.js`)) as typeof DriverModule;
  const { browsingStarter } = (await import(`${clients}/browsing-process.js`)) as typeof ProcessModule;
  const { WriteSender } = (await import(`${clients}/write-sender.js`)) as typeof SenderModule;
  const limits = { strayRequestsMax: 1_000 };
  const driver = new BrowserDriver(browsingStarter({ allow: [], limits }), new WriteSender(client));
  const session = await driver.open(url, AbortSignal.timeout(30_000));
  const first = await session.send({ kind: 'entry', text: '~0123456789 x' }, AbortSignal.timeout(30_000));
  const leave = async () => {
    const second = await session.send({ kind: 'value', value: 424_242_424 }, AbortSignal.timeout(30_000));
    await session.close();
    await driver.close();
    return [second.outcome];
  };
  return { outcome: first.outcome, leave };
}

async function throughProxy(visit: OpenVisit, kind: 'plain' | 'connect', url: string): Promise<number> {
  const authority = /^[a-z]+:\/\/([^/\s]*)/i.exec(url)?.[1] ?? url;
  const line = kind === 'plain' ? `GET ${url} HTTP/1.1` : `CONNECT ${authority} HTTP/1.1`;
  const token = Buffer.from(`${visit.username}:${visit.token}`).toString('base64');
  const socket = connect(visit.port, '127.0.0.1').on('error', () => undefined);
  socket.write(`${line}\r\nHost: x\r\nConnection: close\r\nProxy-Authorization: Basic ${token}\r\n\r\n`);
  const [first] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return Number(first.toString('latin1').split(' ')[1]);
}

const answer = await (process.argv[2] === 'canary' ? canary() : lab());
process.stdout.write('"ready"\n');
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line) as Question))}\n`);
}
process.exit(0);
