// Goal: a page reaches nobody but its own app through our browser, and costs a bounded amount of time and memory, whatever it tries.
// Method: real Chromium, the real driver; canaries on loopback, TCP and UDP, must hear nothing. Ranges that do not exist on this machine
// are tried in egress-netns.int-spec.ts.
import { once } from 'node:events';
import { createSocket, type Socket } from 'node:dgram';
import type { RequestListener, ServerResponse } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';
import { entry, forms, ordinaryPage, posting, script, value } from '../../apps/filler/test/pages.js';
import {
  drive,
  eventually,
  ownProcesses,
  startSite,
  visit,
  type Driving,
  type Site,
} from '../../apps/filler/test/site.js';
import { VisitFailed } from '../../apps/filler/src/clients/fill-driver.js';
import { behave, hogging, reaching } from './browser-behaviours.js';
import { startCanary } from './egress-hostile-app.js';

const acknowledged = { outcome: 'acknowledged', status: 200, reason: null };
const perVisit = 10;

/** A hostile app: its page with `code`, and routes that help the page. */
const hostile =
  (code: () => string): RequestListener =>
  (req, res) => {
    const asked = decodeURIComponent(req.url?.split('?')[1] ?? '');
    if (req.headers.authorization) res.socket?.emit('leak', req.headers.authorization);
    if (req.url?.startsWith('/redirect')) return void res.writeHead(302, { location: asked }).end();
    if (req.url?.startsWith('/worker.js'))
      return void res.setHeader('content-type', 'text/javascript').end(`importScripts(${JSON.stringify(asked)}); fetch(${JSON.stringify(asked)})`); // prettier-ignore
    if (req.url?.startsWith('/hang')) return;
    res.setHeader('content-type', 'text/html').end(`<body>${ordinaryPage}${script(code())}</body>`);
  };

describe('a page that wants to reach others', () => {
  const closing: (() => unknown)[] = [];
  const heard: string[] = [];
  const targets: string[] = [];
  const counters: (() => number)[] = [];
  beforeAll(async () => {
    for (const [host, written, kind] of [
      ['127.0.0.1', '127.0.0.1', 'udp4'],
      ['::1', '[::1]', 'udp6'],
    ] as const) {
      const canary = await startCanary(host);
      const udp: Socket = createSocket(kind).on('message', () => heard.push(`udp ${host}`));
      await once(udp.bind(canary.port, host), 'listening');
      closing.push(canary.close, () => udp.close());
      counters.push(canary.hits);
      targets.push(`http://${written}:${canary.port}/`);
      if (host === '127.0.0.1') targets.push(`http://localhost:${canary.port}/`);
    }
  });
  afterAll(() => closing.map((close) => close()));

  it('reaches none of them, by none of the ways that a page has, and its forms are filled all the same', async () => {
    expect(reaching.length).toBeGreaterThanOrEqual(25);
    let code = '';
    const site = await startSite(hostile(() => code));
    const { driver, close } = drive([site]);
    for (let from = 0; from < reaching.length; from += perVisit) {
      code = behave(reaching.slice(from, from + perVisit), targets);
      const behavedBefore = site.posts.filter((post) => post.startsWith('/behaved')).length;
      const session = await driver.open(site.url, AbortSignal.timeout(30_000));
      expect(await session.send(value, AbortSignal.timeout(30_000))).toEqual(acknowledged);
      await eventually(() => site.posts.filter((post) => post.startsWith('/behaved')).length > behavedBefore);
      await session.close();
    }
    expect([counters.map((hits) => hits()), heard]).toEqual([[0, 0], []]);
    await close();
    site.close();
  });

  it('does not get the token of its visit by asking for a password', async () => {
    const seen: (string | undefined)[] = [];
    const site = await startSite((req, res) => {
      seen.push(req.headers.authorization);
      if (req.url === '/secret') return void res.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      res.setHeader('content-type', 'text/html').end(`${ordinaryPage}<img src=/secret>${script(`fetch('/secret')`)}`);
    });
    const { driver, close } = drive([site]);
    expect(await visit(driver, site, entry)).toEqual([acknowledged]);
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.filter(Boolean)).toEqual([]);
    await close();
    site.close();
  });

  it('cannot let a service worker answer in its app’s place', async () => {
    const worker = `self.addEventListener('install', () => self.skipWaiting()); self.addEventListener('activate', (event) => event.waitUntil(clients.claim()));
      self.addEventListener('fetch', (event) => event.request.method === 'POST' && event.respondWith(new Response('{"ok":true}')));`;
    const page = `${forms}${script(`navigator.serviceWorker.register('/sw.js'); navigator.serviceWorker.ready.then(() => { ${posting()}; document.title = 'ready'; fetch('/ready'); })`)}`;
    let isReady = false;
    const site = await startSite((req, res) => {
      if (req.url === '/ready') isReady = true;
      if (req.url === '/sw.js') return void res.setHeader('content-type', 'text/javascript').end(worker);
      res.setHeader('content-type', 'text/html').end(page);
    });
    const { driver, close } = drive([site]);
    const session = await driver.open(site.url, AbortSignal.timeout(30_000));
    await eventually(() => isReady);
    expect(await session.send(entry, AbortSignal.timeout(30_000))).toEqual(acknowledged);
    expect(site.posts).toHaveLength(1);
    await session.close();
    await close();
    site.close();
  });
});

describe('a page that takes what it can get', () => {
  let driving: Driving;
  const sites = new Map<string, Site>();
  const endless = (res: ServerResponse, chunk: Buffer) => {
    const more = () => {
      for (let room = true; room && !res.destroyed;) room = res.write(chunk);
    };
    more();
    res.on('drain', more);
  };
  const bomb = Buffer.concat(Array<Buffer>(200).fill(gzipSync(Buffer.alloc(1 << 20, 32))));
  const visitIsOverMs = 12_000;

  beforeAll(async () => {
    for (const [name, code] of hogging) sites.set(name, await startSite(hostile(() => code)));
    const page = (listener: RequestListener) => startSite(listener);
    const answer = (listener: RequestListener) => startSite(ordinaryPage, listener);
    sites.set('is endless', await page((_req, res) => endless(res.setHeader('content-type', 'text/html'), Buffer.alloc(65_536, 'x')))); // prettier-ignore
    sites.set('unpacks to 200 MB', await page((_req, res) => void res.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' }).end(bomb))); // prettier-ignore
    sites.set('drips', await page((_req, res) => {
      const timer = setInterval(() => res.write(' '), 200);
      res.once('close', () => clearInterval(timer));
    })); // prettier-ignore
    sites.set('answers without end', await answer((_req, res) => endless(res, Buffer.alloc(65_536, '{'))));
    sites.set('answers with a bomb', await answer((_req, res) => void res.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb))); // prettier-ignore
    sites.set('ordinary', await startSite(ordinaryPage));
    driving = drive([...sites.values()], { limits: { visitMsMax: 6_000, readyMsMax: 2_500, requestMsMax: 2_500 } }); // prettier-ignore
  });
  afterAll(async () => {
    await driving?.close();
    for (const site of sites.values()) site.close();
  });

  const names = [...hogging.map(([name]) => name), 'is endless', 'unpacks to 200 MB', 'drips', 'answers without end', 'answers with a bomb']; // prettier-ignore
  it('is ended in time, while an ordinary one beside it is filled and our own process never stands still', async () => {
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    const takes = async (name: string) => {
      const startedAt = performance.now();
      const outcome = await visit(driving.driver, sites.get(name)!, entry).then(
        ([result]) => result!.outcome,
        (error: unknown) => (error instanceof VisitFailed ? error.sentence : String(error)),
      );
      return { name, outcome, isInTime: performance.now() - startedAt < visitIsOverMs };
    };
    const waiting = [...names];
    const seen: Awaited<ReturnType<typeof takes>>[] = [];
    const lane = async () => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) seen.push(await takes(name));
    };
    const ordinary: unknown[] = [];
    const hostileOnes = Promise.all([lane(), lane()]);
    let isDone = false;
    void hostileOnes.finally(() => (isDone = true));
    while (!isDone) ordinary.push(await visit(driving.driver, sites.get('ordinary')!, entry));
    await hostileOnes;
    delay.disable();
    expect(seen.filter(({ isInTime }) => !isInTime)).toEqual([]);
    const ended = /^(acknowledged|unknown|refused|not-sent|The page .*|The browser broke off .*|The lab itself .*)$/;
    expect(seen.filter(({ outcome }) => !ended.test(outcome))).toEqual([]);
    const outcomeOf = (name: string) => seen.find((one) => one.name === name)?.outcome;
    expect(outcomeOf('takes memory outside the heap')).toMatch(/more memory/);
    expect(outcomeOf('asks elsewhere without end')).toMatch(/asked for more/);
    expect(ordinary.filter((results) => JSON.stringify(results) !== JSON.stringify([acknowledged]))).toEqual([]);
    expect(ordinary.length).toBeGreaterThan(5);
    expect(delay.max / 1e6).toBeLessThan(2_000);
    for (const [name, { posts }] of sites)
      if (name !== 'ordinary') expect([name, posts.length]).toEqual([name, posts.length > 0 ? 1 : 0]);
  }, 120_000);

  it('leaves no browser that was not left in order, and every page runs in the sandbox, as nobody', async () => {
    const session = await driving.driver.open(sites.get('ordinary')!.url, AbortSignal.timeout(30_000));
    const { all, browsers, browsing } = ownProcesses();
    expect([browsing.length, browsers.length]).toEqual([1, expect.any(Number)]);
    expect(browsers.length).toBeLessThanOrEqual(4);
    expect(all.filter(({ command }) => command.includes('--no-sandbox'))).toEqual([]);
    if (process.getuid?.() === 0) expect(all.filter(({ status }) => /^Uid:\s+0\b/m.test(status))).toEqual([]);
    const renderers = all.filter(({ command }) => command.includes('--type=renderer'));
    expect(renderers.length).toBeGreaterThan(0);
    expect(renderers.filter(({ status }) => !/^Seccomp:\s+2/m.test(status))).toEqual([]);
    await session.close();
  });
});

describe('a browser that ends', () => {
  it.each<[string, () => number[]]>([
    ['alone', () => ownProcesses().browsers.map(({ pid }) => pid)],
    ['with the process that drives it', () => ownProcesses().browsing.map(({ pid }) => pid)],
  ])('%s costs no outcome of a write that is under way, and the next visit has another', async (_how, victims) => {
    let answer = (): void => undefined;
    const site = await startSite(ordinaryPage, (_req, res) => {
      answer = () => void res.end('{"ok":true}');
    });
    const { driver, close } = drive([site]);
    const session = await driver.open(site.url, AbortSignal.timeout(30_000));
    const sending = session.send(entry, AbortSignal.timeout(30_000));
    await eventually(() => site.posts.length === 1);
    const killed = victims();
    for (const pid of killed) process.kill(pid, 'SIGKILL');
    expect(killed.length).toBeGreaterThan(0);
    await eventually(() => !ownProcesses().all.some(({ pid }) => killed.includes(pid)));
    answer();
    expect(await sending).toEqual(acknowledged);
    expect(await session.send(value, AbortSignal.timeout(30_000))).toMatchObject({ outcome: 'not-sent' });
    await session.close();
    const again = await driver.open(site.url, AbortSignal.timeout(30_000));
    await again.close();
    await close();
    await eventually(() => ownProcesses().all.length === 0);
    expect(site.posts).toHaveLength(1);
    site.close();
  });

  it('is replaced after its visits, and never more are open than visits', async () => {
    const site = await startSite(ordinaryPage);
    const { driver, close } = drive([site], { limits: { visitsPerBrowser: 2 } });
    const pids = new Set<number>();
    for (let round = 0; round < 4; round += 1) {
      const three = await Promise.all([1, 2, 3].map(() => driver.open(site.url, AbortSignal.timeout(30_000))));
      const { browsers } = ownProcesses();
      expect(browsers.length).toBeLessThanOrEqual(4);
      for (const { pid } of browsers) pids.add(pid);
      await Promise.all(three.map((session) => session.close()));
    }
    expect(pids.size).toBeGreaterThanOrEqual(6);
    await eventually(() => ownProcesses().browsers.length <= 3);
    await close();
    site.close();
  });
});
