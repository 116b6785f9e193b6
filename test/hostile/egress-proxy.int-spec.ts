// Goal: through the proxy a page reaches the origins of its visit and nothing else, within its limits, whatever it sends.
// Method: raw requests to a real proxy; apps and canaries on loopback. The proxy in a browser is the filler's test.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import { EgressProxy, type OpenVisit } from '#libs/egress/src/egress-proxy.js';
import type { VisitLimits } from '#libs/egress/src/proxy-visit.js';
import { NameResolver } from '#libs/egress/src/resolver.js';
import { publicVectors, refusedVectors } from '#libs/egress/test/ssrf-vectors.js';
import { startDns } from './egress-dns-server.js';
import { drip, pour, reply, startCanary, startHostileApp, type Misbehaviour } from './egress-hostile-app.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});

async function open(routes: Record<string, Misbehaviour> = {}, limits: Partial<VisitLimits> = {}) {
  const app = await startHostileApp(routes);
  const proxy = new EgressProxy({ policy: new EgressPolicy({ allow: [`127.0.0.1:${app.port}`] }) });
  const visit = await proxy.openFor([app.origin], limits);
  cleanups.push(
    () => proxy.close(),
    () => app.close(),
  );
  return { app, proxy, visit, authority: `127.0.0.1:${app.port}` };
}
const tokenOf = ({ username, token }: OpenVisit) => `Basic ${Buffer.from(`${username}:${token}`).toString('base64')}`;

/** Sends raw bytes to the proxy and returns everything until it closes, or until `enough` is in it. */
async function say(port: number, text: string, enough?: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => socket.destroy());
  let heard = '';
  const done = new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString('latin1');
      if (enough !== undefined && heard.includes(enough)) resolve();
    });
    socket.once('close', () => resolve());
  });
  socket.write(text);
  await done;
  socket.destroy();
  return heard;
}
const request = (visit: OpenVisit, line: string, ...lines: string[]) =>
  [
    line,
    'Host: whatever.example',
    `Proxy-Authorization: ${tokenOf(visit)}`,
    'Connection: close',
    ...lines,
    '',
    '',
  ].join('\r\n');
const status = (answer: string) => Number(answer.split(' ')[1]);

describe('a request with the token', () => {
  it('reaches the origin of its visit, with the Host of its URL and without what belongs to the proxy', async () => {
    const { app, visit, authority } = await open({ '/a': (socket) => void socket.write(reply('hello', 'X-App: 1', 'Keep-Alive: timeout=5', 'Connection: x-hop', 'X-Hop: 1')) }); // prettier-ignore
    const answer = await say(visit.port, request(visit, `GET http://${authority}/a?b=1 HTTP/1.1`, 'Connection: close, X-Mine', 'X-Mine: 1', 'Proxy-Connection: keep-alive', 'TE: gzip', 'X-Kept: yes')); // prettier-ignore
    expect(status(answer)).toBe(200);
    expect(answer).toContain('X-App: 1');
    expect(answer).not.toMatch(/x-hop|timeout=5/i);
    expect(answer.endsWith('hello')).toBe(true);
    const sent = app.seen[0]?.text ?? '';
    expect(sent).toMatch(/^GET \/a\?b=1 HTTP\/1\.1\r\n/);
    expect(sent).toContain(`Host: ${authority}\r\n`);
    expect(sent).toContain('X-Kept: yes');
    expect(sent).not.toMatch(/proxy-|x-mine|^te:|whatever\.example/im);
    expect(visit.use()).toMatchObject({ requests: 1, refused: 0 });
  });

  it('carries bodies both ways, with a length or in chunks', async () => {
    const bodies: string[] = [];
    const server = createServer((req, res) => {
      let text = '';
      req.on('data', (chunk: Buffer) => (text += chunk.toString()));
      req.on('end', () => {
        bodies.push(`${req.method} ${text}`);
        res.end(`got ${text}`);
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    cleanups.push(() => server.close());
    const authority = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const proxy = new EgressProxy({ policy: new EgressPolicy({ allow: [authority] }) });
    cleanups.unshift(() => proxy.close());
    const visit = await proxy.openFor([`http://${authority}`]);
    const sized = `${request(visit, `POST http://${authority}/ HTTP/1.1`, 'Content-Length: 5')}abcde`;
    const chunked = `${request(visit, `DELETE http://${authority}/ HTTP/1.1`, 'Transfer-Encoding: chunked')}3\r\nxyz\r\n0\r\n\r\n`;
    expect(await say(visit.port, sized)).toContain('got abcde');
    expect(await say(visit.port, chunked)).toContain('got xyz');
    expect(bodies).toEqual(['POST abcde', 'DELETE xyz']);
  });

  it('gets a tunnel by CONNECT and by a WebSocket upgrade', async () => {
    const echo: Misbehaviour = (socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nframe');
    };
    const { app, visit, authority } = await open({ '/ws': echo });
    const tunnelled = `${request(visit, `CONNECT ${authority} HTTP/1.1`)}GET /in HTTP/1.1\r\nHost: x\r\n\r\n`;
    expect(await say(visit.port, tunnelled, '\r\n\r\nok')).toMatch(
      /^HTTP\/1\.1 200 Connection Established\r\n\r\nHTTP\/1\.1 200 OK/,
    );
    const upgrade = request(
      visit,
      `GET http://${authority}/ws HTTP/1.1`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Key: abc',
    );
    expect(await say(visit.port, upgrade, 'frame')).toMatch(/^HTTP\/1\.1 101 /);
    expect(app.seen[1]?.text).toMatch(/Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n$/);
    expect(app.seen[1]?.text).toContain('Sec-WebSocket-Key: abc');
    expect(app.seen[1]?.text).not.toMatch(/proxy-authorization/i);
  });
});

describe('a request without the token', () => {
  it('gets a challenge, and nothing leaves', async () => {
    const { app, visit, authority } = await open();
    const other = await open();
    const wrong = [
      '',
      'Proxy-Authorization: Basic eDp5',
      'Proxy-Authorization: Bearer x',
      `Proxy-Authorization: ${tokenOf(other.visit)}`,
    ];
    for (const line of wrong) {
      for (const start of [`GET http://${authority}/`, `CONNECT ${authority}`]) {
        const answer = await say(
          visit.port,
          `${[`${start} HTTP/1.1`, 'Host: x', 'Connection: close', ...(line ? [line] : [])].join('\r\n')}\r\n\r\n`,
        );
        expect([line, status(answer)]).toEqual([line, 407]);
        expect(answer).toMatch(/proxy-authenticate: basic/i);
      }
    }
    expect(app.connections()).toBe(0);
    // The first request of a browser has no token yet: only a wrong one is reported.
    expect(visit.refused.map(({ code }) => code)).toEqual(Array(6).fill('proxy-token'));
  });
});

describe('a request for anything else', () => {
  it('gets 403, is reported, and no canary sees it', async () => {
    const canary = await startCanary();
    const canary6 = await startCanary('::1');
    cleanups.push(canary.close, canary6.close);
    const { app, visit, authority } = await open();
    const elsewhere = [
      ...[
        `http://127.0.0.1:${canary.port}/`,
        `http://localhost:${canary.port}/`,
        `http://[::1]:${canary6.port}/`,
        `http://127.1:${canary.port}/`,
      ],
      ...[
        `http://${authority}@127.0.0.1:${canary.port}/`,
        `http://127.0.0.1:${visit.port}/`,
        'http://169.254.169.254/',
        '/',
        '*',
        'https://example.org/',
      ],
      ...[`https://${authority}/`, 'ftp://127.0.0.1/', `http://localhost:${app.port}/`, 'http://example.org/'],
    ];
    for (const url of elsewhere) {
      expect([url, status(await say(visit.port, request(visit, `GET ${url} HTTP/1.1`)))]).toEqual([url, 403]);
      const upgrade = request(visit, `GET ${url} HTTP/1.1`, 'Connection: Upgrade', 'Upgrade: websocket');
      expect([url, status(await say(visit.port, upgrade))]).toEqual([url, 403]);
    }
    const tunnels = [`127.0.0.1:${canary.port}`, `localhost:${canary.port}`, `[::1]:${canary6.port}`, `127.1:${canary.port}`, '169.254.169.254:80', 'example.org:443', `${authority}@127.0.0.1:${canary.port}`, `http://${authority}`, authority.replace(/:\d+/, ''), `${authority}/x`, ':80', `x@${authority}`]; // prettier-ignore
    for (const authorityOf of tunnels) {
      const answer = await say(visit.port, request(visit, `CONNECT ${authorityOf} HTTP/1.1`));
      expect([authorityOf, [400, 403].includes(status(answer))]).toEqual([authorityOf, true]);
    }
    expect(
      status(
        await say(
          visit.port,
          request(visit, `GET http://${authority}/ HTTP/1.1`, 'Connection: Upgrade', 'Upgrade: h2c'),
        ),
      ),
    ).toBe(403);
    expect([canary.hits(), canary6.hits(), app.connections()]).toEqual([0, 0, 0]);
    expect(visit.refused).toContainEqual({
      method: 'GET',
      target: 'http://169.254.169.254/',
      code: 'address-not-public',
    });
    expect(visit.refused).toContainEqual({ method: 'GET', target: 'http://example.org/', code: 'not-opened' });
    expect(visit.use().refused).toBeGreaterThanOrEqual(elsewhere.length * 2);
  });

  it('of the vector list gets 403 by CONNECT and as a plain request, and cannot be opened either', async () => {
    const { app, proxy, visit } = await open({}, { refusalsMax: 10_000 });
    for (const { url, expect: code } of refusedVectors) {
      await expect(proxy.openFor([url])).rejects.toMatchObject({ code });
      const authority = /^[a-z]+:\/\/([^/\s]*)/i.exec(url)?.[1] ?? url;
      for (const line of [
        `GET ${url} HTTP/1.1`,
        `CONNECT ${authority} HTTP/1.1`,
        `CONNECT ${authority}:443 HTTP/1.1`,
      ]) {
        const answer = await say(visit.port, Buffer.from(request(visit, line)).toString('latin1'));
        expect([line, [400, 403].includes(status(answer))]).toEqual([line, true]);
      }
    }
    for (const { url } of publicVectors) {
      expect([url, status(await say(visit.port, request(visit, `GET ${new URL(url).href} HTTP/1.1`)))]).toEqual([
        url,
        403,
      ]);
    }
    expect(app.connections()).toBe(0);
  });

  it('is reported at most a hundred times, each cut short, and counted always', async () => {
    const { visit } = await open();
    const long = `http://${'a'.repeat(60)}.example.org/${'p'.repeat(900)}`;
    for (let n = 0; n < 120; n += 1) await say(visit.port, request(visit, `GET ${long} HTTP/1.1`));
    expect(visit.refused).toHaveLength(100);
    expect(visit.refused[0]?.target).toHaveLength(200);
    expect(visit.use().refused).toBe(120);
  });

  it('by a name that was opened but leads inside is refused when it is used', async () => {
    const canary = await startCanary();
    cleanups.push(canary.close);
    const dns = await startDns((_name, asked) => ({ a: asked === 0 ? ['93.184.216.34', '127.0.0.1'] : ['127.0.0.1'] }));
    cleanups.push(dns.close);
    const proxy = new EgressProxy({
      policy: new EgressPolicy({ allow: [] }),
      resolver: new NameResolver({ servers: [dns.address] }),
    });
    cleanups.unshift(() => proxy.close());
    const visit = await proxy.openFor(['http://app.egress-lab.dev:8080']);
    for (let n = 0; n < 3; n += 1) {
      expect(status(await say(visit.port, request(visit, 'GET http://app.egress-lab.dev:8080/ HTTP/1.1')))).toBe(403);
      expect(status(await say(visit.port, request(visit, 'CONNECT app.egress-lab.dev:8080 HTTP/1.1')))).toBe(403);
    }
    expect(visit.refused.every(({ code }) => code === 'address-not-public')).toBe(true);
    expect(canary.hits()).toBe(0);
  });
});

describe('a visit', () => {
  it('ends when its bytes are used up, in a tunnel and in plain answers', async () => {
    const endless: Misbehaviour = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n');
      pour(socket, Buffer.alloc(65_536));
    };
    for (const start of ['CONNECT', 'GET']) {
      const { app, visit, authority } = await open({ '/': endless }, { bytesMax: 1_000_000 });
      const text =
        start === 'GET'
          ? request(visit, `GET http://${authority}/ HTTP/1.1`)
          : `${request(visit, `CONNECT ${authority} HTTP/1.1`)}GET / HTTP/1.1\r\n\r\n`;
      expect((await say(visit.port, text)).length).toBeLessThan(1_200_000);
      expect(status(await say(visit.port, request(visit, `GET http://${authority}/ HTTP/1.1`)))).toBe(403);
      expect(visit.refused).toEqual([{ method: 'GET', target: `http://${authority}/`, code: 'page-limit' }]);
      expect(app.connections()).toBe(1);
    }
  });

  it('ends when it was refused too often, and leads nowhere any more', async () => {
    const { app, visit, authority } = await open({}, { refusalsMax: 3 });
    const get = async (url: string) => status(await say(visit.port, request(visit, `GET ${url} HTTP/1.1`)));
    expect(await get(`http://${authority}/`)).toBe(200);
    for (let n = 0; n < 3; n += 1) expect(await get('http://elsewhere.example.org/')).toBe(403);
    expect(await get(`http://${authority}/`)).toBe(403);
    expect([app.connections(), visit.refused.at(-1)?.code]).toEqual([1, 'page-limit']);
  });

  it('ends after its time, and closes what drips or is silent', async () => {
    const { visit, authority } = await open({ '/': (socket) => drip(socket, 'x', 20) }, { totalMs: 300 });
    expect(await say(visit.port, `${request(visit, `CONNECT ${authority} HTTP/1.1`)}GET / HTTP/1.1\r\n\r\n`)).toContain(
      'xxx',
    );
    expect(status(await say(visit.port, request(visit, `GET http://${authority}/ HTTP/1.1`)))).toBe(403);
    const idle = await open({ '/': () => undefined }, { idleMs: 100 });
    const answer = await say(idle.visit.port, request(idle.visit, `GET http://${idle.authority}/ HTTP/1.1`));
    expect(status(answer)).toBe(502);
    expect(await say(idle.visit.port, request(idle.visit, `CONNECT ${idle.authority} HTTP/1.1`))).toMatch(
      /^HTTP\/1\.1 200/,
    );
  });

  it('has few requests and few connections', async () => {
    const few = await open({}, { requestsMax: 3 });
    const get = () => say(few.visit.port, request(few.visit, `GET http://${few.authority}/ HTTP/1.1`));
    expect([status(await get()), status(await get()), status(await get()), status(await get())]).toEqual([
      200, 200, 200, 403,
    ]);
    const narrow = await open({}, { connectionsMax: 2 });
    const tunnel = request(narrow.visit, `CONNECT ${narrow.authority} HTTP/1.1`);
    const held: Socket[] = [];
    for (let n = 0; n < 2; n += 1) {
      const socket = connect(narrow.visit.port, '127.0.0.1').on('error', () => undefined);
      socket.write(tunnel);
      await once(socket, 'data');
      held.push(socket);
    }
    expect(status(await say(narrow.visit.port, tunnel))).toBe(403);
    for (const socket of held) socket.destroy();
  });

  it('holds its bound of connections in a burst, and gives every place back', async () => {
    const burst = await open({ '/': () => undefined }, { connectionsMax: 2, idleMs: 200 });
    const get = () => say(burst.visit.port, request(burst.visit, `GET http://${burst.authority}/ HTTP/1.1`));
    const together = await Promise.all(Array.from({ length: 20 }, get));
    expect(together.map(status).sort()).toEqual([...Array<number>(18).fill(403), 502, 502]);
    expect(burst.app.connections()).toBe(2);
    await burst.app.close();
    for (let n = 0; n < 3; n += 1) expect(status(await get())).toBe(502);
  });

  it('tells a dead app from a forbidden one', async () => {
    const { app, visit, authority } = await open();
    await app.close();
    const answer = await say(visit.port, request(visit, `GET http://${authority}/ HTTP/1.1`));
    expect(status(answer)).toBe(502);
    expect(answer).toContain('x-lockstep-egress: connect-refused');
    expect(status(await say(visit.port, request(visit, `CONNECT ${authority} HTTP/1.1`)))).toBe(502);
  });

  it('survives answers that are no HTTP, too large or broken off', async () => {
    const { visit, authority } = await open({
      '/garbage': (socket) => void socket.end('no http at all\r\n\r\n'),
      '/large': (socket) => void socket.write(reply('x', `a: ${'b'.repeat(20_000)}`)),
      '/cut': (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc'),
      '/switch': (socket) =>
        void socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
      '/nul': (socket) => void socket.write('HTTP/1.1 200 OK\r\na: b\0c\r\nContent-Length: 0\r\n\r\n'),
    });
    for (const path of ['/garbage', '/large', '/nul', '/switch']) {
      expect([path, status(await say(visit.port, request(visit, `GET http://${authority}${path} HTTP/1.1`)))]).toEqual([
        path,
        502,
      ]);
    }
    expect(status(await say(visit.port, request(visit, `GET http://${authority}/cut HTTP/1.1`)))).toBe(200);
    expect(status(await say(visit.port, request(visit, `GET http://${authority}/ HTTP/1.1`)))).toBe(200);
  });

  it('closes its port and its connections, and its token opens no other', async () => {
    const { app, visit, authority } = await open();
    const socket = connect(visit.port, '127.0.0.1').on('error', () => undefined);
    socket.write(request(visit, `CONNECT ${authority} HTTP/1.1`));
    await once(socket, 'data');
    await Promise.all([once(socket, 'close'), visit.close()]);
    await expect(once(connect(visit.port, '127.0.0.1'), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(app.connections()).toBe(1);
  });

  it('is one of 64 at most, and the browser going away in the middle leaves nothing open', async () => {
    const { app, proxy, visit, authority } = await open({ '/': () => undefined });
    const more = await Promise.all(Array.from({ length: 63 }, () => proxy.openFor([app.origin])));
    await expect(proxy.openFor([app.origin])).rejects.toMatchObject({ code: 'busy', side: 'ours' });
    await more[0]?.close();
    await proxy.openFor([app.origin]);
    const socket = connect(visit.port, '127.0.0.1').on('error', () => undefined);
    socket.write(request(visit, `GET http://${authority}/ HTTP/1.1`));
    await new Promise<void>((seen) => {
      const look = setInterval(() => app.openConnections() > 0 && (clearInterval(look), seen()), 5);
    });
    socket.destroy();
    await new Promise<void>((gone) => {
      const look = setInterval(() => app.openConnections() === 0 && (clearInterval(look), gone()), 5);
    });
  });
});

describe('headers', () => {
  it('of an app never speak for the proxy', async () => {
    const forged: Misbehaviour = (socket) => void socket.write(reply('ok', 'X-Lockstep-Egress: page-limit'));
    const { visit, authority } = await open({ '/': forged });
    const answer = await say(visit.port, request(visit, `GET http://${authority}/ HTTP/1.1`));
    expect(status(answer)).toBe(200);
    expect(answer).not.toMatch(/x-lockstep-egress/i);
  });

  it('reach the app once each, and an app’s doubled ones reach the page', async () => {
    const cookies: Misbehaviour = (socket) => void socket.write(reply('ok', 'Set-Cookie: a=1', 'Set-Cookie: b=2'));
    const { app, visit, authority } = await open({ '/': cookies });
    const answer = await say(
      visit.port,
      request(visit, `GET http://${authority}/ HTTP/1.1`, 'Accept: a', 'Cookie: c=3'),
    );
    expect(answer.match(/set-cookie/gi)).toHaveLength(2);
    // The clock of an app is compared: the proxy must not lend it ours.
    expect(answer).not.toMatch(/^date:/im);
    const names = (app.seen[0]?.text ?? '').split('\r\n').slice(1).map((line) => line.split(':')[0]?.toLowerCase()).filter(Boolean); // prettier-ignore
    expect(names).toEqual([...new Set(names)]);
  });
});
