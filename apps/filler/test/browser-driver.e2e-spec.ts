// Goal: whatever a page does, each write leaves once at most, and its outcome is what the app's own answer proves.
// Method: the real driver with real Chromium and proxy; apps on loopback whose pages are slow, careless, broken or false.
import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { entry, forms, mood, ordinaryPage, posting, script, value, type Payload } from './pages.js';
import { drive, eventually, ownProcesses, startSite, takesIt, visit, type Driving, type Site } from './site.js';
import type { BrowserDriver } from '../src/clients/browser-driver.js';

const acknowledged = { outcome: 'acknowledged', status: 200, reason: null };
/** Sites are opened before the driver: it is told which ports it may visit. */
const pages = {
  ordinary: ordinaryPage,
  late: `<div id="root"></div>${script(`setTimeout(() => { document.getElementById('root').innerHTML = ${JSON.stringify(forms)}; ${posting()} }, 1200)`)}`,
  // What it does after its write is no business of ours.
  movesOn: forms + script(posting({ then: `.then(() => { location.href = '/done' })` })),
  reloads: forms + script(posting({ then: '.then((answer) => answer.text()).then(() => location.reload())' })),
  reloadsAtOnce: forms + script(posting({ then: '; location.reload()' })),
  sendsTwice: forms + script(`{${posting()}} {${posting()}}`),
  triesAgain: forms + script(posting({ then: `.then((answer) => answer.ok || fetch(paths[i] + '/', { method: 'POST', body: JSON.stringify({ fields }) })).catch(() => fetch(paths[i], { method: 'POST', body: JSON.stringify({ fields }) })).catch(() => {})` })), // prettier-ignore
  blobs: forms + script(posting({ body: 'new Blob([JSON.stringify({ fields })])' })),
  native: forms.replace('<form>', '<form action="/api/journal/entries" method="post">').replace('id="entry-input"', 'id="entry-input" name="text"'), // prettier-ignore
  throwing: forms + script(`${posting()}
    document.getElementById('entry-input').dispatchEvent = () => { throw new Error('connection terminated') };
    document.getElementById = Document.prototype.getElementById = () => { throw new Error('connection terminated') };
    HTMLElement.prototype.click = () => { throw new Error('connection terminated') };`), // prettier-ignore
  lateSender:
    forms +
    script(
      posting()
        .replace('fetch(', 'setTimeout(() => fetch(')
        .replace(/;\s*}\)\);$/, ', 3500); }));'),
    ),
  disabled: forms.replaceAll('<button>', '<button disabled>') + script(posting()),
  dead: forms + script(`document.addEventListener('submit', (event) => event.preventDefault())`),
  saves: forms + script(`${posting()}
    document.getElementById('entry-input').addEventListener('input', (event) => {
      fetch('/api/drafts', { method: 'POST', body: event.target.value });
      fetch('https://analytics.example.org/', { method: 'POST', mode: 'no-cors', body: event.target.value }).catch(() => {});
    });`), // prettier-ignore
};

describe('the browser driver', () => {
  const sites: Site[] = [];
  const site: Record<string, Site> = {};
  let driving: Driving;
  let driver: BrowserDriver;
  const add = async (name: string, page: string | RequestListener, answer?: RequestListener) => {
    site[name] = await startSite(page, answer);
    sites.push(site[name]);
  };
  const send = (name: string, ...payloads: Payload[]) => visit(driver, site[name]!, ...payloads);

  beforeAll(async () => {
    for (const [name, page] of Object.entries(pages)) await add(name, page);
    for (const code of [307, 408, 421, 503])
      await add(
        String(code),
        ordinaryPage,
        (_req, res) => void res.writeHead(code, { location: '/api/moods' }).end('x'),
      );
    await add('cuts', ordinaryPage, (req) => void req.socket.destroy());
    await add(
      'neverEnds',
      pages.movesOn,
      (_req, res) => void res.writeHead(200, { 'content-length': 20 }).write('{"ok":'),
    );
    await add('forges', ordinaryPage, (_req, res) => void res.writeHead(200, { 'x-lockstep-egress': 'page-limit' }).end('{"ok":true}')); // prettier-ignore
    await add('savesOnly', pages.saves, (req, res) => (req.url === '/api/drafts' ? takesIt(req, res) : void res.writeHead(500).end('{"ok":false}'))); // prettier-ignore
    await add('oddHeaders', ordinaryPage, (_req, res) => void res.writeHead(200, { 'x-odd': 'ü', 'set-cookie': ['a=1', 'b=2'] }).end('{"ok":true}')); // prettier-ignore
    driving = drive(sites, { limits: { visitsPerBrowser: 20, readyMsMax: 2_500, requestMsMax: 2_500 } });
    driver = driving.driver;
  });
  afterAll(async () => {
    await driving?.close();
    for (const one of sites) one.close();
  });

  it('fills all three forms, and nothing but what was told', async () => {
    expect(await send('ordinary', entry, mood, value)).toEqual(Array(3).fill(acknowledged));
    expect(site['ordinary']!.posts).toEqual([
      `/api/journal/entries {"fields":["${entry.text}",""]}`,
      `/api/moods {"fields":["happy","${mood.note}"]}`,
      `/api/server/values {"fields":["${value.value}"]}`,
    ]);
  });

  it.each(['late', 'movesOn', 'reloads', 'blobs', 'throwing', 'oddHeaders', 'forges', 'saves'])(
    'has every write acknowledged, each sent once, by an app whose page is one that: %s',
    async (name) => {
      expect(await send(name, entry, mood, value)).toEqual(Array(3).fill(acknowledged));
      const writes = site[name]!.posts.filter((post) => !post.startsWith('/api/drafts'));
      expect(writes.map((post) => post.split(' ')[0])).toEqual([
        '/api/journal/entries',
        '/api/moods',
        '/api/server/values',
      ]);
    },
  );

  it('takes a form that submits by itself, and finds the forms again afterwards', async () => {
    expect(await send('native', entry)).toEqual([acknowledged]);
    expect(site['native']!.posts).toEqual([
      `/api/journal/entries ${new URLSearchParams({ text: entry.text }).toString()}`,
    ]);
  });

  it.each(['sendsTwice', 'triesAgain', 'reloadsAtOnce'])('lets a write leave once of a page that: %s', async (name) => {
    expect(await send(name, entry)).toEqual([acknowledged]);
    expect(site[name]!.posts).toHaveLength(1);
  });

  it.each([
    ['307', 'refused'],
    ['408', 'unknown'],
    ['421', 'refused'],
    ['503', 'unknown'],
  ])('sends a write once to an app that answers %s, and calls it %s', async (code, outcome) => {
    expect(await send(code, entry)).toEqual([{ outcome, status: Number(code), reason: expect.stringContaining(code) }]);
    expect(site[code]!.posts).toHaveLength(1);
  });

  it('calls a write unknown when it left and no answer came, or one that never ends while the page goes elsewhere', async () => {
    expect(await send('cuts', entry)).toMatchObject([{ outcome: 'unknown' }]);
    expect(await send('neverEnds', entry)).toMatchObject([{ outcome: 'unknown', status: 200 }]);
    expect([site['cuts']!.posts.length, site['neverEnds']!.posts.length]).toEqual([1, 1]);
  });

  it('is not deceived by a draft that was saved, or by statistics that hold the text', async () => {
    expect(await send('savesOnly', entry)).toMatchObject([{ outcome: 'unknown', status: 500 }]);
    expect(site['savesOnly']!.posts.filter((post) => post.startsWith('/api/journal'))).toHaveLength(1);
  });

  it('lets nothing leave of a write that was given up, however late the page sends it', async () => {
    const session = await driver.open(site['lateSender']!.url, AbortSignal.timeout(30_000));
    expect(await session.send(entry, AbortSignal.timeout(30_000))).toMatchObject({ outcome: 'unknown' });
    // The second write takes as long again: by then the page has tried to send the first.
    expect(await session.send(value, AbortSignal.timeout(30_000))).toMatchObject({ outcome: 'unknown' });
    await session.close();
    expect(site['lateSender']!.posts).toEqual([]);
  });

  it('says refused, with the reason, when a form cannot be pressed, and unknown when it sends nothing', async () => {
    expect(await send('disabled', entry)).toEqual([{ outcome: 'refused', status: null, reason: expect.stringContaining('disabled') }]); // prettier-ignore
    expect(await send('dead', entry)).toEqual([{ outcome: 'unknown', status: null, reason: expect.stringContaining('/api/journal/entries') }]); // prettier-ignore
  });

  it('leaves no process and no browser behind when it is closed', async () => {
    expect(ownProcesses().browsers.length).toBeGreaterThan(0);
    await driving.close();
    await eventually(() => ownProcesses().all.length === 0);
  });
});

describe('an app with a certificate of its own', () => {
  it('that drops kept connections gets every write once: Chromium would send it again by itself', async () => {
    const made = execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-keyout', '-', '-out', '-', '-subj', '/CN=lab', '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString(); // prettier-ignore
    const cert = made.slice(made.indexOf('-----BEGIN CERTIFICATE'));
    const key = made.slice(0, made.indexOf('-----BEGIN CERTIFICATE'));
    const spki = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
    const seen = new Set<string>();
    const dropsFirst: RequestListener = (req, res) => {
      if (seen.has(req.url!)) return takesIt(req, res);
      seen.add(req.url!);
      req.socket.destroy();
    };
    const site = await startSite(ordinaryPage, dropsFirst, { key, cert });
    const trustedKeys = [createHash('sha256').update(spki).digest('base64')];
    const { driver, close } = drive([site], { trustedKeys, trustedCa: [cert] });
    const results = await visit(driver, site, entry, mood, value);
    expect(results.map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown', 'unknown']);
    expect(site.posts.map((post) => post.split(' ')[0])).toEqual([
      '/api/journal/entries',
      '/api/moods',
      '/api/server/values',
    ]);
    expect(await visit(driver, site, entry)).toEqual([acknowledged]);
    await close();
    site.close();
  });
});
