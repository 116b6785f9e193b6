import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppReader, type ReaderClients, type Wanted } from '../src/clients/app-reader.js';
import { openClients } from '../src/clients/open-clients.js';
import { endpoints } from '../src/domain/endpoints.js';
import { EgressClient } from '#libs/egress/src/egress-client.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import { Closing } from '#libs/platform/src/closing.js';

describe('reading an app', () => {
  const servers: Server[] = [];
  const closing = new Closing();
  afterAll(async () => {
    await closing.run();
    for (const server of servers) server.closeAllConnections();
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  });

  const serve = async (listener: RequestListener) => {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    return { address: `http://127.0.0.1:${port}`, allow: `127.0.0.1:${port}` };
  };
  const wanted = (address: string): Wanted[] => endpoints.map((endpoint) => ({ side: 'app', address, endpoint }));
  const readAll = (reader: AppReader, address: string, signal = new AbortController().signal) => {
    const visit = reader.visit(signal);
    return Promise.all(wanted(address).map((one) => visit.read(one))).finally(() => visit.end());
  };
  /** Two places an origin, so that connections are used again, as with an app on the public internet that says keep-alive. */
  const crowded = (allow: string): ReaderClients => {
    const clients = openClients([allow], closing);
    const apps = new EgressClient({
      policy: new EgressPolicy({ allow: [allow] }),
      clientLimits: { perAllowedOriginMax: 1 },
    });
    closing.add(() => apps.close());
    return { ...clients, apps };
  };

  it('is not misled by an app that closes a kept connection just when it is used again', async () => {
    const used = new WeakSet<object>();
    const { address, allow } = await serve((request, response) => {
      if (used.has(request.socket)) return request.socket.destroy();
      used.add(request.socket);
      return response.setHeader('connection', 'keep-alive').end('{"rows":[]}');
    });
    const answers = await readAll(new AppReader(crowded(allow)), address);
    expect(answers.map((answer) => answer.ok)).toEqual([true, true, true, true]);
  });

  it('calls it the app’s side when a fresh connection is closed as well', async () => {
    let answered = 0;
    const { address, allow } = await serve((request, response) => {
      answered += 1;
      return answered > 1
        ? request.socket.destroy()
        : response.setHeader('connection', 'keep-alive').end('{"rows":[]}');
    });
    const answers = await readAll(new AppReader(crowded(allow)), address);
    expect(answers.map((answer) => (answer.ok ? 'read' : answer.side)).toSorted()).toEqual([
      'read',
      'theirs',
      'theirs',
      'theirs',
    ]);
  });

  it('reads large bodies, a few at a time, and refuses what is larger still', async () => {
    const rows = (megabytes: number) => `{"rows":["${'x'.repeat(megabytes * 1024 * 1024)}"]}`;
    const servers = await Promise.all([
      serve((request, response) => response.end(request.url!.includes('moods') ? rows(3) : '{"rows":[]}')),
      serve((request, response) => response.end(request.url!.includes('values') ? rows(17) : '{"rows":[]}')),
    ]);
    const reader = new AppReader(openClients(servers.map(({ allow }) => allow), closing)); // prettier-ignore
    const all = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const [[moods], [, , , values]] = await Promise.all([readAll(reader, servers[0].address), readAll(reader, servers[1].address)]); // prettier-ignore
        return { moods, values };
      }),
    );
    for (const { moods, values } of all) {
      expect(moods).toMatchObject({ ok: true });
      expect(values).toMatchObject({
        ok: false,
        side: 'theirs',
        fetched: { problem: expect.stringContaining('too large') },
      });
    }
  });

  it('reads one answer that is too large, and of the others only how they begin', async () => {
    let sent = 0;
    const { address, allow } = await serve((_request, response) => {
      const piece = 'x'.repeat(64 * 1024);
      const more = () => {
        for (let room = true; room && !response.destroyed; sent += piece.length) room = response.write(piece);
      };
      response.on('drain', more);
      more();
    });
    const answers = await readAll(new AppReader(openClients([allow], closing)), address);
    const problems = answers.map((answer) => (answer.ok ? null : answer.fetched.problem));
    expect(problems.filter((problem) => problem?.includes('not read to its end'))).toHaveLength(2);
    expect(problems.filter((problem) => problem?.includes('too large'))).toHaveLength(2); // statistics may never be large
    const megabyte = 1024 * 1024;
    expect(sent).toBeLessThan(16 * megabyte + 4 * megabyte + 5 * 8 * megabyte); // what lies in sockets when they end
  });

  it('gives no answer at all when it is aborted: that is nobody’s failure', async () => {
    const stop = new AbortController();
    const { address, allow } = await serve(() => stop.abort());
    await expect(readAll(new AppReader(openClients([allow], closing)), address, stop.signal)).rejects.toThrow(
      /given up/,
    );
  });

  it('waits no longer than its visit allows, and says what to do about it', async () => {
    const { address, allow } = await serve((_request, response) => void response.writeHead(200).write('{"rows":['));
    const visit = new AppReader(openClients([allow], closing)).visit(new AbortController().signal, 400);
    const answer = await visit.read({ side: 'app', address, endpoint: endpoints[0]! });
    visit.end();
    expect(answer).toMatchObject({ ok: false, side: 'theirs', fix: 'Answer sooner or send less.', fetched: { failure: 'total-timeout', status: 200 } }); // prettier-ignore
  });

  it('tells the app’s clock, and what else went wrong', async () => {
    const { address, allow } = await serve((request, response) => {
      if (request.url!.includes('moods')) response.setHeader('date', 'Fri, 20 Nov 2026 10:00:00 GMT').end('{}');
      else if (request.url!.includes('entries')) response.writeHead(302, { location: 'http://other.example/' }).end();
      else response.writeHead(503).end();
    });
    const [moods, entries, stats] = await readAll(new AppReader(openClients([allow], closing)), address);
    expect(moods).toMatchObject({ ok: true, clock: '2026-11-20T10:00:00.000Z' });
    expect(entries).toMatchObject({
      ok: false,
      side: 'theirs',
      fetched: { status: 302, problem: expect.stringContaining('redirect') },
    });
    expect(stats).toMatchObject({ ok: false, fetched: { problem: 'It answered 503 instead of 200.' } });
  });
});
