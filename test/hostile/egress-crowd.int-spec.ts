// Goal: a crowd of hostile apps costs the good ones a little time, and all together a bounded amount of memory.
// Method: many loopback addresses (127.1.x.y) stand for many hosts; one server answers for all, by address.
import { EgressClient, type EgressClientOptions } from '#libs/egress/src/egress-client.js';
import type { EgressError } from '#libs/egress/src/egress-code.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import { pour, reply, startHostileApp, type HostileApp, type Misbehaviour } from './egress-hostile-app.js';

const MiB = 1 << 20;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});
const hostsOf = (count: number, second: number) =>
  Array.from({ length: count }, (_, n) => `127.${second}.${n >> 8}.${n & 255}`);

async function crowd(behaviour: Misbehaviour, hosts: readonly string[], options: Partial<EgressClientOptions> = {}) {
  const app: HostileApp = await startHostileApp({ '/': behaviour }, '0.0.0.0');
  const allow = hosts.map((host) => `${host}:${app.port}`);
  const client = new EgressClient({ policy: new EgressPolicy({ allow }), ...options });
  cleanups.push(
    () => client.close(),
    () => app.close(),
  );
  const get = (host: string) =>
    client.request({ method: 'GET', url: `http://${host}:${app.port}/` }).then(
      ({ status }) => String(status),
      (error: EgressError) => error.code,
    );
  return { app, get };
}

describe('a crowd', () => {
  it('of a thousand hosts that never answer delays the good ones by less than two seconds, not by their timeouts', async () => {
    const [slow, good] = [hostsOf(1000, 1), hostsOf(100, 2)];
    const byAddress: Misbehaviour = (socket) => {
      if (socket.localAddress?.startsWith('127.2.')) socket.write(reply('ok'));
    };
    const { get } = await crowd(byAddress, [...slow, ...good], { requestLimits: { headersMs: 4_000 } });
    const startedAt = performance.now();
    const never = Promise.all(slow.map(get));
    expect(new Set(await Promise.all(good.map(get)))).toEqual(new Set(['200']));
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(new Set(await never)).toEqual(new Set(['headers-timeout']));
  });

  it('that pours large bodies all at once is held to the budget, and small answers come through', async () => {
    const [large, small] = [hostsOf(60, 1), hostsOf(60, 2)];
    const byAddress: Misbehaviour = (socket) => {
      if (socket.localAddress?.startsWith('127.2.')) return void socket.write(reply('ok'));
      socket.write(['HTTP/1.1 200 OK', 'Content-Length: 99999999', '', ''].join('\r\n'));
      pour(socket, Buffer.alloc(65_536));
    };
    const limits = { clientLimits: { heldBytesMax: 16 * MiB }, requestLimits: { bodyBytesMax: 8 * MiB } };
    const { get } = await crowd(byAddress, [...large, ...small], limits);
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().arrayBuffers - before)), 5);
    const outcomes = await Promise.all([...large, ...small].map(get)).finally(() => clearInterval(timer));
    expect(new Set(outcomes.slice(60))).toEqual(new Set(['200']));
    expect(new Set(outcomes.slice(0, 60))).toEqual(new Set(['body-too-large', 'busy']));
    expect(peak).toBeLessThan(200 * MiB);
  });

  it('never opens more to one origin than its share', async () => {
    const hosts = hostsOf(20, 1);
    let most = 0;
    const open = new Map<string, number>();
    const counting: Misbehaviour = (socket) => {
      const host = socket.localAddress ?? '';
      open.set(host, (open.get(host) ?? 0) + 1);
      most = Math.max(most, ...open.values());
      setTimeout(() => {
        open.set(host, (open.get(host) ?? 0) - 1);
        socket.write(reply('ok'));
      }, 10);
    };
    const { app, get } = await crowd(counting, hosts, { clientLimits: { perAllowedOriginMax: 3, activeMax: 12 } });
    await Promise.all(hosts.flatMap((host) => Array.from({ length: 10 }, () => get(host))));
    expect(most).toBe(3);
    expect(app.seen).toHaveLength(200);
  });
});
