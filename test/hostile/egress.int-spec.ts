// Goal: no app, however it answers, costs more than its limits, speaks for another, or gets a request twice.
// Method: an app of raw sockets on loopback misbehaves in every way of threats T3 to T6; the client is the real one.
import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import {
  EgressClient,
  type EgressAnswer,
  type EgressClientOptions,
  type EgressRequest,
} from '#libs/egress/src/egress-client.js';
import type { EgressError } from '#libs/egress/src/egress-code.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import {
  drip,
  pour,
  reply,
  startCanary,
  startHostileApp,
  type HostileApp,
  type Misbehaviour,
} from './egress-hostile-app.js';

const MiB = 1 << 20;
const memoryMax = 32 * MiB;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});
async function app(routes: Record<string, Misbehaviour>): Promise<HostileApp> {
  const one = await startHostileApp(routes);
  cleanups.push(() => one.close());
  return one;
}
function client({ port }: HostileApp, options: Partial<EgressClientOptions> = {}): EgressClient {
  const one = new EgressClient({ policy: new EgressPolicy({ allow: [`127.0.0.1:${port}`] }), ...options });
  cleanups.unshift(() => one.close());
  return one;
}
const failure = (outcome: Promise<EgressAnswer>): Promise<EgressError> =>
  outcome.then(
    (answer) => Promise.reject(new Error(`answered ${answer.status}`)),
    (error: EgressError) => error,
  );
const says = (bytes: Buffer | string): Misbehaviour => (socket) => void socket.write(bytes); // prettier-ignore
const head = (...lines: string[]) => ['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n');

/** Asks a fresh app once. */
async function ask(behaviour: Misbehaviour, request: Partial<EgressRequest> = {}): Promise<EgressAnswer> {
  const target = await app({ '/': behaviour });
  return client(target).request({ method: 'GET', url: target.origin, ...request });
}
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
/** The largest growth of memory outside the heap while `work` runs. */
async function growth(work: () => Promise<unknown>): Promise<number> {
  await ask(says(reply('the parser of undici is loaded by its first answer')));
  collectGarbage();
  const before = process.memoryUsage().external;
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().external)), 2);
  await work().finally(() => clearInterval(timer));
  return Math.max(peak, process.memoryUsage().external) - before;
}

describe('a compressed body', () => {
  // 200 members of 1 MiB of zeros: 200 MiB from about 200 KB.
  const bomb = Buffer.concat(Array<Buffer>(200).fill(gzipSync(Buffer.alloc(MiB))));
  const gzip = 'Content-Encoding: gzip';

  it('of 200 KB that unpacks to 200 MiB is stopped early and costs little memory', async () => {
    expect(bomb.length).toBeLessThan(211_000);
    const grown = await growth(async () => {
      expect(await failure(ask(says(reply(bomb, gzip))))).toMatchObject({
        code: 'compression-bomb',
        side: 'yours',
        status: 200,
      });
    });
    expect(grown).toBeLessThan(memoryMax);
  });

  it('of which all has arrived is stopped by what it unpacks to so far, not by what is still to come', async () => {
    const limits = { bodyBytesMax: 2 * MiB };
    expect(await failure(ask(says(reply(bomb, gzip)), { limits }))).toMatchObject({ code: 'compression-bomb' });
  });

  it('that stays below the ratio is stopped at the size', async () => {
    const part = gzipSync(Buffer.concat([randomBytes(MiB / 16), Buffer.alloc((MiB / 16) * 15)]));
    const heavy = reply(Buffer.concat(Array<Buffer>(64).fill(part)), gzip);
    const grown = await growth(async () => {
      expect(await failure(ask(says(heavy)))).toMatchObject({ code: 'body-too-large' });
    });
    // The app is in this process too, and holds what it sends.
    expect(grown).toBeLessThan(memoryMax + heavy.length);
  });

  it('is stopped at its size on the wire as well', async () => {
    const noise = reply(gzipSync(randomBytes(MiB)), gzip);
    const limits = { wireBytesMax: MiB / 2 };
    expect(await failure(ask(says(noise), { limits }))).toMatchObject({ code: 'body-too-large' });
  });

  it('of brotli is refused unread: 300 bytes of it are 200 MiB', async () => {
    const brotli = brotliCompressSync(Buffer.alloc(MiB));
    const refused = await failure(ask(says(reply(brotli, 'Content-Encoding: br'))));
    expect(refused).toMatchObject({ code: 'encoding-not-accepted', side: 'yours', maybeSent: true });
  });

  it.each([
    ['Content-Encoding: gzip, gzip'],
    ['Content-Encoding: gzip\r\nContent-Encoding: gzip'],
    ['Content-Encoding: identity\r\nContent-Encoding: gzip'],
    ['Content-Encoding: zstd'],
    ['Content-Encoding: deflate'],
    ['Content-Encoding: GZIP;q=1'],
  ])('with %j is refused', async (line) => {
    expect((await failure(ask(says(reply(gzipSync(gzipSync('x')), line))))).code).toBe('encoding-not-accepted');
  });

  it.each([
    ['cut off', gzipSync('a'.repeat(1000)).subarray(0, 20)],
    ['not gzip', Buffer.from('hello')],
    ['of a wrong checksum', Buffer.concat([gzipSync('abc').subarray(0, -8), Buffer.alloc(8)])],
  ])('%s is refused', async (_name, body) => {
    expect(await failure(ask(says(reply(body, gzip))))).toMatchObject({ code: 'encoding-broken', side: 'yours' });
  });

  it('of gzip is unpacked, we ask for nothing else, and both sizes are told', async () => {
    const body = gzipSync(JSON.stringify({ rows: 'x'.repeat(5000) }));
    const target = await app({ '/': says(reply(body, 'content-encoding: GZip')) });
    const answer = await client(target).request({ method: 'GET', url: target.origin });
    expect(JSON.parse(answer.body.toString())).toEqual({ rows: 'x'.repeat(5000) });
    expect(answer.wireBytes).toBe(body.length);
    expect(target.seen[0]?.text).toMatch(/\r\naccept-encoding: gzip, identity\r\n/);
  });

  it('that is empty is an empty body, and HEAD may name any encoding', async () => {
    expect((await ask(says(reply('', gzip)))).body).toHaveLength(0);
    expect((await ask(says(head('Content-Length: 77', 'Content-Encoding: br')), { method: 'HEAD' })).body).toHaveLength(
      0,
    );
  });
});

describe('an endless answer', () => {
  const limits = { wireBytesMax: 2 * MiB, bodyBytesMax: 2 * MiB };

  it('is stopped at the size, by length, by chunks, and until the connection closes', async () => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const routes: [string, string][] = [
      [head('Content-Length: 99999999999'), 'x'.repeat(MiB)],
      [head('Transfer-Encoding: chunked'), chunk],
      [head('Connection: close'), 'x'.repeat(MiB)],
    ];
    for (const [start, more] of routes) {
      const pouring: Misbehaviour = (socket) => {
        socket.write(start);
        pour(socket, more);
      };
      const grown = await growth(async () => {
        expect(await failure(ask(pouring, { limits }))).toMatchObject({ code: 'body-too-large', maybeSent: true });
      });
      expect(grown).toBeLessThan(memoryMax);
    }
  });

  it('of tiny chunks is given up before it costs much time or memory, of small ones it is read', async () => {
    const inChunks =
      (size: number): Misbehaviour =>
      (socket) => {
        socket.write(head('Transfer-Encoding: chunked'));
        pour(socket, `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`.repeat(1000));
      };
    const startedAt = performance.now();
    expect(await failure(ask(inChunks(1), { limits }))).toMatchObject({ code: 'tiny-chunks', side: 'yours' });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(await failure(ask(inChunks(100), { limits }))).toMatchObject({ code: 'body-too-large' });
  });

  it('is put together right, whatever the sizes of its pieces', async () => {
    const pieces = Array.from({ length: 400 }, (_, n) =>
      randomBytes([1, 7, 300, 16_384, 70_000][n % 5] ?? 1).subarray(0),
    );
    const mixed: Misbehaviour = (socket) => {
      socket.write(head('Transfer-Encoding: chunked'));
      for (const piece of pieces)
        socket.write(Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]));
      socket.write('0\r\n\r\n');
    };
    expect((await ask(mixed)).body.equals(Buffer.concat(pieces))).toBe(true);
  });

  it('of a chunk extension, trailers, headers or a status line is stopped', async () => {
    const junk = 'a'.repeat(1000);
    const routes: [string, string, string][] = [
      [`${head('Transfer-Encoding: chunked')}1;`, junk, 'too-slow'],
      [`${head('Transfer-Encoding: chunked')}0\r\n`, `a: ${junk}\r\n`, 'headers-too-large'],
      ['HTTP/1.1 200 OK\r\n', `a: ${junk}\r\n`, 'headers-too-large'],
      [`HTTP/1.1 200 `, junk, 'headers-too-large'],
      ['HTTP/1.1 200 OK\r\n', `${junk}${junk}`, 'headers-too-large'],
    ];
    for (const [start, more, code] of routes) {
      const pouring: Misbehaviour = (socket) => {
        socket.write(start);
        pour(socket, more.repeat(10));
      };
      const short = { wireBytesMax: 10_000, rateWindowMs: 200, headersMs: 500 };
      expect([start, (await failure(ask(pouring, { limits: short }))).code]).toEqual([
        start,
        expect.stringMatching(`${code}|body-too-large`),
      ]);
    }
  });

  it('is not what 15 KiB of headers make; 17 KiB are refused', async () => {
    const lines = (count: number) => Array.from({ length: count }, (_, n) => `h${n}: ${'v'.repeat(1018)}`);
    expect(await failure(ask(says(reply('x', ...lines(17)))))).toMatchObject({
      code: 'headers-too-large',
      side: 'yours',
    });
    expect((await ask(says(reply('x', ...lines(15))))).status).toBe(200);
  });
});

describe('a slow answer', () => {
  it('that drips is given up after one window, although something always comes', async () => {
    const slow: Misbehaviour = (socket) => {
      socket.write(head('Content-Length: 100000'));
      drip(socket, 'x', 20);
    };
    const startedAt = performance.now();
    expect(await failure(ask(slow, { limits: { rateWindowMs: 300 } }))).toMatchObject({
      code: 'too-slow',
      side: 'yours',
    });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('that begins fast and then drips is given up as well', async () => {
    const fast: Misbehaviour = (socket) => {
      socket.write(head('Content-Length: 9000000'));
      socket.write('x'.repeat(MiB));
      drip(socket, 'x', 20);
    };
    expect((await failure(ask(fast, { limits: { rateWindowMs: 300 } }))).code).toBe('too-slow');
  });

  it('just above the rate ends with the total time', async () => {
    const steady: Misbehaviour = (socket) => {
      socket.write(head('Content-Length: 9000000'));
      drip(socket, 'x'.repeat(300), 20);
    };
    expect((await failure(ask(steady, { limits: { rateWindowMs: 200, totalMs: 900 } }))).code).toBe('total-timeout');
  });

  it('without headers is given up, whether nothing comes, a part, or interim answers for ever', async () => {
    const half: Misbehaviour = (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-');
    const lines: Misbehaviour = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      drip(socket, 'a: b\r\n', 50);
    };
    const hints: Misbehaviour = (socket) => drip(socket, 'HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n', 80);
    for (const behaviour of [() => undefined, half, lines, hints]) {
      expect(await failure(ask(behaviour, { limits: { headersMs: 300 } }))).toMatchObject({
        code: 'headers-timeout',
        maybeSent: true,
      });
    }
  });

  it('may take longer than its headers did, as long as it keeps the rate', async () => {
    const steady: Misbehaviour = (socket) => {
      socket.write(head('Content-Length: 60000'));
      drip(socket, 'x'.repeat(2_000), 20);
    };
    expect((await ask(steady, { limits: { headersMs: 200, rateWindowMs: 200 } })).body).toHaveLength(60_000);
  });

  it('of a flood of interim answers is refused, of one it is awaited', async () => {
    const flood: Misbehaviour = (socket) => pour(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100));
    expect((await failure(ask(flood))).code).toBe('bad-http');
    expect((await ask(says(`HTTP/1.1 103 Early Hints\r\n\r\n${reply('ok').toString()}`))).status).toBe(200);
  });

  it('is ours to answer for when we stood still ourselves', async () => {
    const late: Misbehaviour = (socket) => setTimeout(() => socket.write(reply('ok')), 50);
    const standStill: Misbehaviour = (socket, request) => {
      late(socket, request);
      for (const until = performance.now() + 600; performance.now() < until;);
    };
    const stalled = await failure(ask(standStill, { limits: { headersMs: 300 } }));
    expect(stalled).toMatchObject({ code: 'stalled', side: 'ours', maybeSent: true });
  });
});

describe('a broken answer', () => {
  it('by a wrong length is told, and what follows is never taken for the next answer', async () => {
    const short: Misbehaviour = (socket) => void socket.end(head('Content-Length: 10') + 'abc');
    expect(await failure(ask(short))).toMatchObject({ code: 'answer-cut-short', status: 200 });
    const target = await app({
      '/long': says(`${reply('ok', 'Connection: keep-alive').toString()}${reply('smuggled').toString()}`),
    });
    const one = client(target);
    expect((await one.request({ method: 'GET', url: `${target.origin}/long` })).body.toString()).toBe('ok');
    expect((await one.request({ method: 'GET', url: `${target.origin}/next` })).body.toString()).toBe('ok');
    expect(target.connections()).toBe(2);
  });

  it.each([
    ['Content-Length: -1'],
    ['Content-Length: 3\r\nContent-Length: 4'],
    ['Content-Length: 2\r\nTransfer-Encoding: chunked'],
    ['Content-Length: 99999999999999999999999'],
    [' folded: x'],
    ['Bad Header'],
  ])('with %j is no HTTP', async (line) => {
    const refused = await failure(ask((socket) => socket.end(`${head(line)}zz\r\n`)));
    expect(refused.code).toMatch(/^(bad-http|answer-cut-short)$/);
    expect(refused).toMatchObject({ side: 'yours', maybeSent: true });
  });

  it.each([['SSH-2.0-OpenSSH_9\r\n\r\n'], ['HTTP/2 200\r\n\r\n'], ['\0\0\0\0\0\0\0'], ['HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'], ['HTTP/1.1 100 Continue\r\n\r\n']])(
    'that says %j is no HTTP',
    async (bytes) => expect(await failure(ask(says(bytes)))).toMatchObject({ code: 'bad-http', side: 'yours' }),
  ); // prettier-ignore

  it('by a reset in its middle is told with the status that had come', async () => {
    const reset: Misbehaviour = (socket) =>
      socket.write(head('Content-Length: 100000') + 'x'.repeat(5000), () => socket.resetAndDestroy());
    const cut = await failure(ask(reset, { method: 'POST', body: '{}' }));
    expect(cut).toMatchObject({ code: 'answer-cut-short', maybeSent: true, status: 200 });
    const chunk: Misbehaviour = (socket) => void socket.end(`${head('Transfer-Encoding: chunked')}5\r\nab`);
    expect((await failure(ask(chunk))).code).toBe('answer-cut-short');
  });

  it('does not upset an object: __proto__ is a header like any other', async () => {
    const answer = await ask(says(reply('ok', '__proto__: a', '__proto__: b', 'constructor: c')));
    expect(Object.keys(answer.headers).sort()).toEqual(['constructor', 'content-length']);
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });
});

describe('a redirect', () => {
  it('is an answer that says where it led, and is never followed', async () => {
    const canary = await startCanary();
    cleanups.push(canary.close);
    const elsewhere = `http://127.0.0.1:${canary.port}/`;
    const places = [
      elsewhere,
      elsewhere.replace('http:', ''),
      'http://169.254.169.254/latest',
      'file:///etc/passwd',
      '/loop',
      '///',
      'x'.repeat(3000),
      '',
    ];
    for (const status of [300, 301, 302, 303, 307, 308]) {
      for (const place of places) {
        const answer = await ask(says(`HTTP/1.1 ${status} x\r\nLocation: ${place}\r\nContent-Length: 0\r\n\r\n`));
        expect(answer).toMatchObject({ status, redirect: { location: place.slice(0, 500), fix: expect.any(String) } });
      }
    }
    const two = await ask(
      says('HTTP/1.1 302 x\r\nLocation: /a\r\nLocation: /b\r\nDate: x\r\nDate: y\r\nContent-Length: 0\r\n\r\n'),
    );
    expect(two).toMatchObject({ redirect: { location: '/a' }, date: undefined });
    expect((await ask(says('HTTP/1.1 304 x\r\n\r\n'))).redirect).toBeUndefined();
    expect((await ask(says('HTTP/1.1 302 x\r\nRefresh: 0\r\nContent-Length: 0\r\n\r\n'))).redirect?.location).toBe('');
    expect(canary.hits()).toBe(0);
  });
});

describe('whether a request may have left', () => {
  it('is no when nothing listens, the policy refuses or the caller gave up before', async () => {
    const gone = await startHostileApp({});
    await gone.close();
    const one = client(gone);
    const write = { method: 'POST', url: gone.origin, body: '{}' } as const;
    expect(await failure(one.request(write))).toMatchObject({
      code: 'connect-refused',
      side: 'yours',
      maybeSent: false,
    });
    expect(await failure(one.request({ ...write, url: 'http://127.0.0.1:1' }))).toMatchObject({
      code: 'address-not-public',
      maybeSent: false,
    });
    expect(await failure(one.request({ ...write, signal: AbortSignal.abort() }))).toMatchObject({
      code: 'aborted',
      side: 'ours',
      maybeSent: false,
    });
    expect(await failure(one.request({ ...write, body: 'x'.repeat(2 * MiB) }))).toMatchObject({
      code: 'request-too-large',
      maybeSent: false,
    });
  });

  it('is perhaps as soon as the app could have read it, and it is sent once', async () => {
    const endings: [string, Misbehaviour][] = [
      ['connection-lost', (socket) => socket.destroy()],
      ['connection-lost', (socket) => socket.end()],
      ['connection-lost', (socket) => socket.resetAndDestroy()],
      ['headers-timeout', () => undefined],
    ];
    for (const [code, behaviour] of endings) {
      for (const method of ['POST', 'GET', 'DELETE'] as const) {
        const target = await app({ '/': behaviour });
        const one = client(target, { requestLimits: { headersMs: 100 } });
        const lost = await failure(
          one.request({ method, url: target.origin, ...(method === 'POST' ? { body: '{}' } : {}) }),
        );
        expect(lost).toMatchObject({ code, maybeSent: true });
        expect(lost.status).toBeUndefined();
        expect([target.seen.length, target.connections()]).toEqual([1, 1]);
      }
    }
  });

  it('is perhaps when the caller gives up in the middle', async () => {
    const stop = new AbortController();
    const outcome = failure(ask(() => stop.abort(), { method: 'POST', body: 'x', signal: stop.signal }));
    expect(await outcome).toMatchObject({ code: 'aborted', side: 'ours', maybeSent: true });
  });

  it('stays right when the client is closed', async () => {
    const target = await app({ '/': () => queueMicrotask(() => one.close()) });
    const one = client(target);
    expect(await failure(one.request({ method: 'GET', url: target.origin }))).toMatchObject({
      code: 'aborted',
      maybeSent: true,
    });
    expect(await failure(one.request({ method: 'GET', url: target.origin }))).toMatchObject({
      code: 'aborted',
      maybeSent: false,
    });
  });
});

describe('a kept connection', () => {
  const get = (target: HostileApp, path = '/') => ({ method: 'GET', url: `${target.origin}${path}` }) as const;

  it('carries reads one after the other, and never a write', async () => {
    const target = await app({});
    const one = client(target);
    for (let n = 0; n < 3; n += 1) await one.request(get(target));
    expect(target.connections()).toBe(1);
    for (let n = 0; n < 3; n += 1) await one.request({ method: 'POST', url: target.origin, body: 'x' });
    expect(target.connections()).toBe(4);
  });

  it('that the app closes under a read costs one more connection, and nobody an answer', async () => {
    const used = new Set<number>();
    const once: Misbehaviour = (socket, { connection }) => {
      if (used.has(connection)) return void socket.destroy();
      used.add(connection);
      socket.write(reply('ok', 'Connection: keep-alive'));
    };
    const target = await app({ '/': once });
    const one = client(target);
    for (let n = 0; n < 3; n += 1) expect((await one.request(get(target))).body.toString()).toBe('ok');
    expect([target.seen.length, target.connections()]).toEqual([5, 3]);
  });

  it('is no way out of every verdict: an app that drops the read again on its own connection has dropped it', async () => {
    const target = await app({ '/second': (socket) => socket.destroy() });
    const one = client(target);
    await one.request(get(target));
    expect(await failure(one.request(get(target, '/second')))).toMatchObject({
      code: 'connection-lost',
      side: 'yours',
      maybeSent: true,
    });
    expect([target.seen.length, target.connections()]).toEqual([3, 2]);
  });

  it('that the app closes quietly after every answer costs nobody an answer', async () => {
    const target = await app({ '/': (socket) => socket.end(reply('ok')) });
    const one = client(target);
    for (let n = 0; n < 50; n += 1) expect((await one.request(get(target))).body.toString()).toBe('ok');
    expect([target.seen.length, target.connections()]).toEqual([50, 50]);
  });

  it('is closed soon after its last use, whatever the app promises, and few are kept', async () => {
    const target = await app({
      '/': says(reply('ok', 'Connection: keep-alive', 'Keep-Alive: timeout=9999, max=9999')),
    });
    const one = client(target, { clientLimits: { idleMs: 150, idleConnectionsMax: 3 } });
    await Promise.all(Array.from({ length: 8 }, () => one.request(get(target))));
    expect(target.openConnections()).toBeLessThanOrEqual(8);
    await until(() => target.openConnections() === 0);
  });

  it('that speaks unasked is dropped', async () => {
    const target = await app({
      '/': (socket) =>
        void (socket.write(reply('ok', 'Connection: keep-alive')), setTimeout(() => socket.write(reply('poison')), 20)),
    });
    const one = client(target, { clientLimits: { idleMs: 60_000 } });
    expect((await one.request(get(target))).body.toString()).toBe('ok');
    await until(() => target.openConnections() === 0);
    expect((await one.request(get(target))).body.toString()).toBe('ok');
    expect(target.connections()).toBe(2);
  });
});

/** Waits for a fact about sockets, which no event of ours announces. */
async function until(fact: () => boolean): Promise<void> {
  for (const end = performance.now() + 5_000; !fact();) {
    if (performance.now() > end) throw new Error(`never: ${String(fact)}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}
