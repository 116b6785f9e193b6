import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { EgressPolicy } from '../src/egress-policy.js';
import { PinnedConnect } from '../src/pinned-connect.js';
import { NameResolver } from '../src/resolver.js';

describe('a pinned connection', () => {
  let server: Server;
  let port = 0;
  beforeAll(async () => {
    server = createServer((socket) => {
      socket.resume().on('error', () => socket.destroy());
      socket.setTimeout(2_000, () => socket.destroy());
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => server.close());
  const options = () => ({ connectMs: 500, signal: new AbortController().signal, tls: false });
  const connectBy = (policy: EgressPolicy) => new PinnedConnect({ policy, resolver: new NameResolver() });

  it('to another address than the checked ones is closed: Linux takes 0.0.0.0 for loopback', async () => {
    /** Lets everything pass, so that only the check of the connected address is left. */
    class Blind extends EgressPolicy {
      override judge(): undefined {}
    }
    const blind = connectBy(new Blind({ allow: [] }));
    const closed = once(server, 'connection').then(([socket]) => once(socket as NodeJS.EventEmitter, 'close'));
    await expect(blind.open({ host: '0.0.0.0', port }, options())).rejects.toMatchObject({
      code: 'address-not-public',
      sentence: expect.stringContaining('127.0.0.1, which was not checked'),
    });
    await closed;
  });

  it('tells address and times, and is not opened for a signal that has aborted', async () => {
    const connect = connectBy(new EgressPolicy({ allow: [`localhost:${port}`] }));
    const { socket, ...told } = await connect.open({ host: 'localhost', port }, options());
    expect(told).toEqual({ remoteAddress: '127.0.0.1', dnsMs: expect.any(Number), connectMs: expect.any(Number) });
    expect(socket.bytesWritten).toBe(0);
    socket.destroy();
    const given = connect.open({ host: 'localhost', port }, { ...options(), signal: AbortSignal.abort() });
    await expect(given).rejects.toMatchObject({ code: 'aborted' });
  });
});
