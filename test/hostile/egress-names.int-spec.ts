// Goal: no name leads where its addresses must not, and TLS is checked against the name, whatever address is dialled.
// Method: a DNS server on loopback answers as the test says; canaries on loopback must see nothing. Rebinding from a public address
// needs one that is really there: egress-netns.int-spec.ts.
import { execFileSync } from 'node:child_process';
import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createPlain } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as createTcp } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { EgressClient } from '#libs/egress/src/egress-client.js';
import type { EgressError } from '#libs/egress/src/egress-code.js';
import type { ClientLimits } from '#libs/egress/src/egress-limits.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import { NameResolver } from '#libs/egress/src/resolver.js';
import { rebindingNames, refusedVectors } from '#libs/egress/test/ssrf-vectors.js';
import { startDns, type DnsAnswer, type DnsScript } from './egress-dns-server.js';
import { startCanary, startHostileApp } from './egress-hostile-app.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});

async function dns(script: DnsScript) {
  const server = await startDns(script);
  cleanups.push(server.close);
  return server;
}
async function clientFor(script: DnsScript, allow: string[] = []) {
  const server = await dns(script);
  const resolver = new NameResolver({ servers: [server.address] });
  const client = new EgressClient({ policy: new EgressPolicy({ allow }), resolver });
  cleanups.unshift(() => client.close());
  const outcome = (url: string) =>
    client.request({ method: 'GET', url }).then(
      ({ status }) => String(status),
      (error: EgressError) => error.code,
    );
  return { client, outcome, asked: server.asked };
}
/** Counts the TCP connections that this process tries to open while `work` runs. */
async function connectionsDuring(work: () => Promise<unknown>): Promise<number> {
  let opened = 0;
  const count = () => (opened += 1);
  channel('net.client.socket').subscribe(count);
  await work().finally(() => channel('net.client.socket').unsubscribe(count));
  return opened;
}

describe('a URL of the vector list', () => {
  it('is refused by the client with its code, before anything is looked up or opened', async () => {
    const { client, asked } = await clientFor(() => ({ a: ['127.0.0.1'] }));
    const opened = await connectionsDuring(async () => {
      for (const { url, expect: code } of refusedVectors) {
        const error = await client.request({ method: 'GET', url }).catch((reason: EgressError) => reason);
        expect([url, (error as EgressError).code]).toEqual([url, code]);
        expect(error).toMatchObject({ side: 'yours', maybeSent: false, fix: expect.stringMatching(/.{10}/) });
      }
    });
    expect([opened, asked.size]).toEqual([0, 0]);
  });
});

describe('a name', () => {
  const refused: [string, DnsAnswer][] = [
    ['one inside', { a: ['10.0.0.1'] }],
    ['loopback', { a: ['127.0.0.1'] }],
    ['metadata', { a: ['169.254.169.254'] }],
    ['this network', { a: ['0.0.0.0'] }],
    ['public first, then inside', { a: ['93.184.216.34', '10.0.0.1'] }],
    ['inside first, then public', { a: ['127.0.0.1', '93.184.216.34'] }],
    ['public by IPv4, loopback by IPv6', { a: ['93.184.216.34'], aaaa: ['::1'] }],
    ['public by IPv6, private by IPv4', { a: ['192.168.1.1'], aaaa: ['2606:4700::1111'] }],
    ['IPv4 inside IPv6', { aaaa: ['::ffff:127.0.0.1'] }],
    ['NAT64', { aaaa: ['64:ff9b::7f00:1'] }],
    ['unique local', { aaaa: ['fd00:ec2::254'] }],
    ['an alias to an inner name', { alias: 'db.internal', a: ['10.0.0.5'] }],
    ['an alias to localhost', { alias: 'localhost', a: ['127.0.0.1'], aaaa: ['::1'] }],
    [
      'thirty public ones and one inside',
      { a: [...Array.from({ length: 30 }, (_, n) => `93.184.216.${n}`), '10.0.0.1'] },
    ],
  ];
  it.each(refused)('with addresses %s is refused without a connection', async (_name, answer) => {
    const { outcome } = await clientFor(() => answer);
    const opened = await connectionsDuring(async () =>
      expect(await outcome('http://app.egress-lab.dev:8080/')).toBe('address-not-public'),
    );
    expect(opened).toBe(0);
  });

  it('in the style of nip.io, or that means metadata, is refused by what it leads to', async () => {
    const { outcome } = await clientFor((name) => ({ a: [rebindingNames[name] ?? '93.184.216.34'] }));
    for (const name of Object.keys(rebindingNames)) expect(await outcome(`http://${name}/`)).toBe('address-not-public');
  });

  it('of a thousand that point inside never reaches a canary', async () => {
    const canary = await startCanary();
    cleanups.push(canary.close);
    const { outcome } = await clientFor((_name, asked) => ({
      a: asked % 2 ? ['93.184.216.34', '127.0.0.1'] : ['127.0.0.1'],
    }));
    // The canary's own port is refused before DNS, so 8080 is tried as well.
    const startedAt = performance.now();
    const urls = Array.from({ length: 1000 }, (_, n) => `http://h${n}.egress-lab.dev:${n % 2 ? 8080 : canary.port}/`);
    const opened = await connectionsDuring(async () => {
      expect(new Set(await Promise.all(urls.map(outcome)))).toEqual(new Set(['address-not-public', 'port']));
    });
    // A burst of questions must not overflow a receive buffer and wait two seconds for its second try.
    expect(performance.now() - startedAt).toBeLessThan(1_900);
    expect([opened, canary.hits()]).toEqual([0, 0]);
  });

  it('without records, or with servers that fail, is told apart', async () => {
    const script: DnsScript = (name) => {
      if (name.startsWith('gone.')) return { failure: 'NXDOMAIN' };
      if (name.startsWith('empty.')) return {};
      return { failure: 'SERVFAIL' };
    };
    const { outcome } = await clientFor(script);
    expect(await outcome('http://broken.egress-lab.dev/')).toBe('dns-down');
    expect(await outcome('http://gone.egress-lab.dev/')).toBe('dns-not-found');
    expect(await outcome('http://empty.egress-lab.dev/')).toBe('dns-not-found');
  });

  it('is not blamed for a DNS server of ours that went silent right after it had answered another', async () => {
    let isUp = true;
    const { outcome } = await clientFor(() => (isUp ? { failure: 'NXDOMAIN' } : { failure: 'silence' }));
    expect(await outcome('http://first.egress-lab.dev/')).toBe('dns-not-found');
    isUp = false;
    const names = Array.from({ length: 5 }, (_, n) => outcome(`http://later${n}.egress-lab.dev/`));
    expect(await Promise.all(names)).toEqual(Array(5).fill('dns-down'));
  });

  it('whose servers are silent costs at most five seconds, and delays no other', async () => {
    const { outcome } = await clientFor((name) =>
      name.startsWith('slow.') ? { failure: 'silence' } : { failure: 'NXDOMAIN' },
    );
    const startedAt = performance.now();
    const slow = outcome('http://slow.egress-lab.dev/');
    expect(await outcome('http://quick.egress-lab.dev/')).toBe('dns-not-found');
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(await slow).toBe('dns-failed');
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('is asked of DNS even when /etc/hosts knows it', async () => {
    const lines = readFileSync('/etc/hosts', 'utf8').split('\n').map((line) => line.replace(/#.*/, '').trim().split(/\s+/).slice(1)); // prettier-ignore
    const known = [...lines.flat(), hostname()].find(
      (name) => /^[a-z][a-z0-9.-]+$/.test(name) && !name.includes('localhost'),
    );
    const { asked } = await (async () => {
      const tried = await clientFor(() => ({ failure: 'NXDOMAIN' }), [`${known ?? 'nohosts'}:8080`]);
      expect(await tried.outcome(`http://${known ?? 'nohosts'}:8080/`)).toBe('dns-not-found');
      return tried;
    })();
    expect(asked.get(known ?? 'nohosts')).toBe(1);
  });
});

describe('the resolver', () => {
  it('keeps an answer for its TTL, at most 30 s, and a TTL of 0 or a failure not at all', async () => {
    let now = 0;
    const ttls: Record<string, number> = { long: 3600, short: 5, none: 0 };
    const server = await dns((name) =>
      name.startsWith('bad.') ? { failure: 'NXDOMAIN' } : { a: ['1.1.1.1'], ttl: ttls[name.split('.')[0] ?? ''] ?? 0 },
    );
    const resolver = new NameResolver({ servers: [server.address], now: () => now });
    const ask = async (name: string) => {
      await resolver.resolve(`${name}.egress-lab.dev`).catch(() => undefined);
      return server.asked.get(`${name}.egress-lab.dev`);
    };
    for (const name of ['long', 'short', 'none', 'bad']) expect(await ask(name)).toBe(1);
    now = 4_900;
    expect([await ask('long'), await ask('short'), await ask('none'), await ask('bad')]).toEqual([1, 1, 2, 2]);
    now = 29_900;
    expect([await ask('long'), await ask('short')]).toEqual([1, 2]);
    now = 30_100;
    expect(await ask('long')).toBe(2);
  });

  it('asks once for many at the same time, and keeps 2,000 names at most', async () => {
    const server = await dns(() => ({ a: ['1.1.1.1'], ttl: 30 }));
    const resolver = new NameResolver({ servers: [server.address] });
    await Promise.all(Array.from({ length: 50 }, () => resolver.resolve('one.egress-lab.dev')));
    expect(server.asked.get('one.egress-lab.dev')).toBe(1);
    for (let batch = 0; batch < 2; batch += 1) {
      await Promise.all(
        Array.from({ length: 1000 }, (_, n) => resolver.resolve(`n${batch * 1000 + n}.egress-lab.dev`)),
      );
    }
    await resolver.resolve('one.egress-lab.dev');
    expect(server.asked.get('one.egress-lab.dev')).toBe(2);
  });
});

describe('an allowed name', () => {
  it('leads to its private address with the name as Host, on this port only', async () => {
    const app = await startHostileApp({});
    cleanups.push(app.close);
    const { outcome } = await clientFor(() => ({ a: ['127.0.0.1'] }), [`journal:${app.port}`]);
    expect(await outcome(`http://journal:${app.port}/`)).toBe('200');
    expect(app.seen[0]?.text).toContain(`\r\nhost: journal:${app.port}\r\n`);
    expect(await outcome(`http://journal:${app.port + 1}/`)).toBe('host');
    expect(await outcome(`http://journal.egress-lab.dev:${app.port}/`)).toMatch(/port|address-not-public/);
  });

  it('never leads to link-local, and localhost is loopback without DNS', async () => {
    const app = await startHostileApp({});
    cleanups.push(app.close);
    const { outcome, asked } = await clientFor(
      () => ({ a: ['169.254.169.254'] }),
      [`journal:80`, `localhost:${app.port}`],
    );
    expect(await outcome('http://journal/')).toBe('address-not-public');
    expect(await outcome(`http://localhost:${app.port}/`)).toBe('200');
    expect(asked.has('localhost')).toBe(false);
  });
});

describe('many names of one address', () => {
  const names = Array.from({ length: 30 }, (_, n) => `app-${n}.egress-lab.dev`);

  async function crowd(clientLimits: Partial<ClientLimits>) {
    const app = await startHostileApp({});
    const server = await dns(() => ({ a: ['127.0.0.1'] }));
    const policy = new EgressPolicy({ allow: names.map((name) => `${name}:${app.port}`) });
    const options = { policy, resolver: new NameResolver({ servers: [server.address] }), requestLimits: { totalMs: 1_000 } }; // prettier-ignore
    const client = new EgressClient({ ...options, clientLimits });
    cleanups.unshift(() => client.close(), app.close);
    const startedAt = performance.now();
    const get = (name: string) =>
      client.request({ method: 'GET', url: `http://${name}:${app.port}/` }).then(
        ({ status, timings }) => ({ is: String(status), totalMs: timings.totalMs }),
        ({ code, side, maybeSent }: EgressError) => ({ is: `${code}, ${side}, ${maybeSent}`, totalMs: 0 }),
      );
    return { app, get, elapsedMs: () => performance.now() - startedAt };
  }

  it('share its turns, and nobody’s time runs while he waits for his', async () => {
    const { get, elapsedMs } = await crowd({ allowedAddressPerSecond: 20, addressBurst: 5 });
    const answers = await Promise.all(names.map(get));
    // 25 of the 30 wait, the last for longer than a request may take.
    expect(elapsedMs()).toBeGreaterThan(1_200);
    expect(new Set(answers.map(({ is }) => is))).toEqual(new Set(['200']));
    expect(Math.max(...answers.map(({ totalMs }) => totalMs))).toBeLessThan(1_000);
  });

  it('share them on kept connections too', async () => {
    const { app, get, elapsedMs } = await crowd({ allowedAddressPerSecond: 20, addressBurst: 1 });
    for (let n = 0; n < 6; n += 1) expect((await get(names[0]!)).is).toBe('200');
    expect(app.connections()).toBe(1);
    expect(elapsedMs()).toBeGreaterThan(240);
  });

  it('are told busy, our side, when they would wait too long, and nothing was sent', async () => {
    const { app, get } = await crowd({ allowedAddressPerSecond: 1, addressBurst: 5, waitingMsMax: 100 });
    const answers = await Promise.all(names.map(get));
    expect(answers.filter(({ is }) => is === '200')).toHaveLength(5);
    expect(answers.filter(({ is }) => is === 'busy, ours, false')).toHaveLength(25);
    expect(app.seen).toHaveLength(5);
  });
});

describe('TLS', () => {
  const name = 'secure.egress-lab.dev';
  const folder = mkdtempSync(join(tmpdir(), 'egress-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  beforeAll(() => {
    const subject = ['-subj', '/CN=lab', '-addext', `subjectAltName=DNS:${name}`];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' }); // prettier-ignore
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function secureApp() {
    const seen: {
      host: string | undefined;
      serverName: string | false | null | undefined;
      alpn: string | false | null;
    }[] = [];
    const server = createSecure(
      { key: readFileSync(key), cert: readFileSync(cert), ALPNProtocols: ['h2', 'http/1.1'] },
      (req, res) => {
        const { servername, alpnProtocol } = req.socket as TLSSocket & { servername?: string };
        seen.push({ host: req.headers.host, serverName: servername, alpn: alpnProtocol });
        res.end('secret');
      },
    );
    await once(server.listen(0, '127.0.0.1'), 'listening');
    cleanups.push(() => (server.closeAllConnections(), server.close()));
    const { port } = server.address() as AddressInfo;
    const resolver = new NameResolver({ servers: [(await dns(() => ({ a: ['127.0.0.1'] }))).address] });
    const policy = new EgressPolicy({
      allow: [`${name}:${port}`, `other.egress-lab.dev:${port}`, `127.0.0.1:${port}`],
    });
    return { port, seen, policy, resolver };
  }

  it('is checked against the name: server name, Host and certificate are those of the URL, not of the address', async () => {
    const { port, seen, ...options } = await secureApp();
    const client = new EgressClient({ ...options, trustedCa: [readFileSync(cert, 'utf8')] });
    cleanups.unshift(() => client.close());
    const answer = await client.request({ method: 'GET', url: `https://${name}:${port}/` });
    expect(answer.body.toString()).toBe('secret');
    expect(seen).toEqual([{ host: `${name}:${port}`, serverName: name, alpn: 'http/1.1' }]);
    for (const url of [`https://other.egress-lab.dev:${port}/`, `https://127.0.0.1:${port}/`]) {
      const write = client.request({ method: 'POST', url, body: 'password' });
      await expect(write).rejects.toMatchObject({ code: 'tls', side: 'yours', maybeSent: false });
    }
    expect(seen).toHaveLength(1);
  });

  it('with a certificate that nobody vouches for, or no TLS at all, is refused before anything is sent', async () => {
    const { port, seen, ...options } = await secureApp();
    const plain = createPlain((_req, res) => res.end('x'));
    await once(plain.listen(0, '127.0.0.1'), 'listening');
    cleanups.push(() => plain.close());
    const plainPort = (plain.address() as AddressInfo).port;
    const client = new EgressClient({
      ...options,
      policy: new EgressPolicy({ allow: [`${name}:${port}`, `127.0.0.1:${plainPort}`] }),
    });
    cleanups.unshift(() => client.close());
    for (const url of [`https://${name}:${port}/`, `https://127.0.0.1:${plainPort}/`]) {
      await expect(client.request({ method: 'POST', url, body: 'x' })).rejects.toMatchObject({
        code: 'tls',
        maybeSent: false,
      });
    }
    expect(seen).toHaveLength(0);
  });

  it('whose handshake stalls is given up in time, and its socket is closed', async () => {
    const stall = createTcp();
    await once(stall.listen(0, '127.0.0.1'), 'listening');
    const { port } = stall.address() as AddressInfo;
    const client = new EgressClient({
      policy: new EgressPolicy({ allow: [`127.0.0.1:${port}`] }),
      requestLimits: { connectMs: 200 },
    });
    cleanups.unshift(() => client.close());
    const [socket] = await Promise.all([
      once(stall, 'connection').then(([opened]) => opened as import('node:net').Socket),
      expect(client.request({ method: 'GET', url: `https://127.0.0.1:${port}/` })).rejects.toMatchObject({
        code: 'connect-timeout',
        maybeSent: false,
      }),
    ]);
    socket.resume().on('error', () => socket.destroy());
    await once(socket, 'close');
    stall.close();
  });
});
