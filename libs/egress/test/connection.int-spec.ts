import { once } from 'node:events';
import { createServer, type Socket, type AddressInfo } from 'node:net';
import { ByteBudget } from '../src/byte-budget.js';
import { connectionOf } from '../src/connection-pool.js';
import { clientLimits, requestLimits } from '../src/egress-limits.js';
import { EgressPolicy } from '../src/egress-policy.js';
import { exchange } from '../src/exchange.js';
import { PinnedConnect } from '../src/pinned-connect.js';
import { NameResolver } from '../src/resolver.js';

describe('a connection', () => {
  const server = createServer();
  afterAll(() => server.close());

  it('that was closed is not opened again by undici: the request fails unsent, and no second socket appears', async () => {
    const accepted: Socket[] = [];
    server.on('connection', (socket) => {
      accepted.push(socket);
      socket.on('error', () => socket.destroy());
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok'));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const signal = new AbortController().signal;
    const connect = new PinnedConnect({
      policy: new EgressPolicy({ allow: [`127.0.0.1:${port}`] }),
      resolver: new NameResolver(),
    });
    const pinned = await connect.open({ host: '127.0.0.1', port }, { connectMs: 1_000, signal, tls: false });
    const connection = connectionOf(`http://127.0.0.1:${port}`, pinned, clientLimits);
    const request = { method: 'POST', path: '/', headers: {}, body: Buffer.from('x') } as const;
    const options = () => ({
      limits: requestLimits,
      budget: new ByteBudget(1 << 20),
      signal,
      progress: { sent: false, status: undefined },
    });
    expect((await exchange(connection, request, options())).body.toString()).toBe('ok');

    // Not events.once: the close comes with an error, which is not ours to throw here.
    const closed = new Promise((done) => connection.socket.once('close', done));
    accepted[0]?.destroy();
    await closed;
    const unsent = options();
    await expect(exchange({ ...connection, reused: true }, request, unsent)).rejects.toMatchObject({
      code: 'stale-connection',
    });
    expect([unsent.progress.sent, accepted.length]).toEqual([false, 1]);
  });
});
