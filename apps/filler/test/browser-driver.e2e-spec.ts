import { createServer, type RequestListener, type Server } from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import { BrowserDriver } from '../src/clients/browser-driver.js';
import { BrowserPool } from '../src/clients/browser-pool.js';
import type { SendResult } from '../src/clients/fill-driver.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import { EgressProxy } from '#libs/egress/src/egress-proxy.js';

// The browser driver against pages that are slow, broken or hostile. Real Chromium, real proxy; listeners that must hear nothing.
const forms = `
  <form><input id="entry-input"><button>Submit</button><input aria-label="Search entries"></form>
  <form><select id="mood-select"><option>calm</option><option>happy</option></select><button>Log mood</button><textarea></textarea></form>
  <form><input id="legacy-value-input" type="number"><button>Send</button></form>`;
const script = (body: string) => `<script>${body}</script>`;
const post = `
  const paths = ['/api/journal/entries', '/api/moods', '/api/server/values'];
  document.querySelectorAll('form').forEach((form, i) => form.addEventListener('submit', (event) => {
    event.preventDefault();
    const fields = [...form.querySelectorAll('input,select,textarea')].map((field) => field.value);
    fetch(paths[i], { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ fields }) }).catch(() => {});
  }));`;

const entry = { kind: 'entry', text: 'A short walk ~0123456789' } as const;
const mood = { kind: 'mood', mood: 'happy', note: 'slept well ~abcdefghjk' } as const;
const value = { kind: 'value', value: 424_242 } as const;

describe('the browser driver', () => {
  const servers: Server[] = [];
  let canaryHits: string[] = [];
  let canaryPort: number;
  let pool: BrowserPool;
  const proxies: EgressProxy[] = [];
  const never = new AbortController().signal;

  const listen = async (handle: RequestListener): Promise<number> => {
    const server = createServer(handle);
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return (server.address() as { port: number }).port;
  };
  /** An app that shows `page` and answers posts with `answer`; remembers the posts. */
  const app = async (
    page: string | RequestListener,
    answer: RequestListener = (_req, res) => void res.end('{"ok":true}'),
  ) => {
    const posts: string[] = [];
    const port = await listen((req, res) => {
      if (req.method === 'POST') {
        let body = '';
        req
          .on('data', (chunk: Buffer) => (body += chunk.toString()))
          .on('end', () => (posts.push(`${req.url} ${body}`), answer(req, res)));
      } else if (typeof page === 'function') page(req, res);
      else res.setHeader('content-type', 'text/html').end(`<!doctype html><title>app</title>${page}`);
    });
    return { url: `http://127.0.0.1:${port}`, port, posts };
  };
  const driverFor = (port: number) => {
    const proxy = new EgressProxy({ policy: new EgressPolicy({ allow: [`127.0.0.1:${port}`] }) });
    proxies.push(proxy);
    return new BrowserDriver(pool, proxy);
  };
  const send = async (
    site: { url: string; port: number },
    ...payloads: (typeof entry | typeof mood | typeof value)[]
  ): Promise<SendResult[]> => {
    const session = await driverFor(site.port).open(site.url);
    try {
      const results: SendResult[] = [];
      for (const payload of payloads) results.push(await session.send(payload, never));
      return results;
    } finally {
      await session.close();
    }
  };

  beforeAll(async () => {
    canaryPort = await listen((req, res) => (canaryHits.push(`${req.method} ${req.url}`), res.end('secret')));
    pool = new BrowserPool(undefined);
  });
  afterAll(async () => {
    await pool?.close();
    await Promise.all(proxies.map((proxy) => proxy.close()));
    for (const server of servers) server.closeAllConnections();
    for (const server of servers) server.close();
  });

  it('fills all three forms, and nothing but what was told', async () => {
    const site = await app(forms + script(post));
    expect(await send(site, entry, mood, value)).toEqual(
      Array(3).fill({ outcome: 'acknowledged', status: 200, reason: null }),
    );
    expect(site.posts).toEqual([
      `/api/journal/entries {"fields":["${entry.text}",""]}`,
      `/api/moods {"fields":["happy","${mood.note}"]}`,
      '/api/server/values {"fields":["424242"]}',
    ]);
  });

  it('waits for forms that a script mounts late', async () => {
    const site = await app(
      `<div id="root"></div>${script(`setTimeout(() => { document.getElementById('root').innerHTML = ${JSON.stringify(forms)}; ${post} }, 1200)`)}`,
    );
    expect(await send(site, value)).toMatchObject([{ outcome: 'acknowledged' }]);
  });

  it('believes the network: a refusal is a refusal, whatever the page shows', async () => {
    const refusing = await app(forms + script(post), (_req, res) => void res.writeHead(503).end('busy'));
    expect(await send(refusing, entry)).toEqual([{ outcome: 'refused', status: 503, reason: 'It answered 503.' }]);
    const polite = await app(forms + script(post), (_req, res) => void res.end('{"ok":false,"error":"no"}'));
    expect(await send(polite, entry)).toMatchObject([{ outcome: 'refused', status: 200 }]);
  });

  it('calls a write unknown when it left and no answer came', async () => {
    const cut = await app(forms + script(post), (req) => void req.socket.destroy());
    expect(await send(cut, entry)).toMatchObject([{ outcome: 'unknown' }]);
    expect(cut.posts).toHaveLength(1);
  });

  it('says refused, with the reason, when a form cannot be pressed or sends nothing', async () => {
    const disabled = await app(forms.replace('<button>Submit', '<button disabled>Submit') + script(post));
    expect(await send(disabled, entry)).toMatchObject([
      { outcome: 'refused', reason: expect.stringContaining('disabled') },
    ]);
    const dead = await app(forms + script(`document.addEventListener('submit', (event) => event.preventDefault())`));
    expect(await send(dead, entry)).toMatchObject([
      { outcome: 'refused', reason: expect.stringContaining('sent nothing') },
    ]);
  });

  it('tells an app without forms from one that is down and one that may not be visited', async () => {
    const bare = await app('<p>nothing here</p>');
    await expect(driverFor(bare.port).open(bare.url)).rejects.toMatchObject({ side: 'yours', noForms: true });
    const broken = await app((_req, res) => void res.writeHead(500).end('x'));
    await expect(driverFor(broken.port).open(broken.url)).rejects.toMatchObject({
      side: 'yours',
      noForms: false,
      message: 'The page answered 500.',
    });
    const closed = { url: 'http://127.0.0.1:1', port: 1 };
    await expect(driverFor(closed.port).open(closed.url)).rejects.toMatchObject({ side: 'yours', noForms: false });
    await expect(driverFor(1).open(`http://127.0.0.1:${canaryPort}`)).rejects.toMatchObject({ side: 'yours' });
    expect(canaryHits).toEqual([]);
  });

  it('lets a hostile page reach nothing but its own app', async () => {
    canaryHits = [];
    const target = `http://127.0.0.1:${canaryPort}`;
    const hostile = `
      const t = ${JSON.stringify(target)};
      for (const url of [t, t.replace('127.0.0.1', 'localhost'), t.replace('127.0.0.1', '[::1]'), 'http://169.254.169.254/latest', 'https' + t.slice(4)]) {
        fetch(url, { mode: 'no-cors' }).catch(() => {});
        new Image().src = url + '/image';
        const frame = document.createElement('iframe'); frame.src = url + '/frame'; document.body.append(frame);
        navigator.sendBeacon(url + '/beacon', 'x');
        try { new WebSocket(url.replace('http', 'ws')); } catch {}
        const link = document.createElement('link'); link.rel = 'prefetch'; link.href = url + '/prefetch'; document.head.append(link);
      }
      window.open(t + '/popup');
      setTimeout(() => alert('look at me'), 50);
      try { const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:${canaryPort}' }] }); peer.createDataChannel('x'); peer.createOffer().then((o) => peer.setLocalDescription(o)); } catch {}
      navigator.serviceWorker?.register('/sw.js').catch(() => {});
      window.onbeforeunload = () => 'stay';
      const a = document.createElement('a'); a.href = '/download'; a.download = 'x.bin'; a.click();`;
    const site = await app(`<body>${forms}${script(post)}${script(hostile)}</body>`);
    expect(await send(site, entry, value)).toMatchObject([{ outcome: 'acknowledged' }, { outcome: 'acknowledged' }]);
    expect(canaryHits).toEqual([]);
  });

  it('is not held up by a page that never rests, and leaves no process behind', async () => {
    const spinning = await app(`<body>${forms}${script(`setTimeout(() => { for (;;); }, 300)`)}</body>`);
    const outcome = await send(spinning, entry).catch((error: unknown) => error);
    expect(JSON.stringify(outcome)).toMatch(/not-sent|refused|unknown|VisitFailed|ours|yours/);
    const good = await app(forms + script(post));
    expect(await send(good, entry)).toMatchObject([{ outcome: 'acknowledged' }]);
  }, 60_000);

  it('keeps the number of its processes flat over many visits', async () => {
    const site = await app(forms + script(post));
    await send(site, entry);
    const before = chromiumProcesses();
    for (let visit = 0; visit < 8; visit += 1) await send(site, entry);
    expect(chromiumProcesses()).toBeLessThanOrEqual(before + 2);
    expect(unsandboxed()).toEqual([]);
  }, 60_000);
});

const processes = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [
          {
            pid,
            command: readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
            status: readFileSync(`/proc/${pid}/status`, 'utf8'),
          },
        ];
      } catch {
        return [];
      }
    })
    .filter(({ command }) => /chromium[^\0]*\0/.test(command));
const chromiumProcesses = (): number => processes().length;
/** Renderers without seccomp, or any browser process that runs as root or says --no-sandbox. */
const unsandboxed = (): string[] =>
  processes()
    .filter(
      ({ command, status }) =>
        command.includes('--no-sandbox') ||
        /^Uid:\s+0\b/m.test(status) ||
        (command.includes('--type=renderer') && !/^Seccomp:\s+2/m.test(status)),
    )
    .map(({ pid }) => pid);
