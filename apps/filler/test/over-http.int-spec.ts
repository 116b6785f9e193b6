// Goal: over HTTP every write has the outcome that the app's answer proves, is sent once, and is found again by its marker alone.
// Method: apps of raw sockets on loopback that answer in every way; the real egress client.
import {
  drip,
  pour,
  reply,
  startHostileApp,
  type HostileApp,
  type Misbehaviour,
} from '../../../test/hostile/egress-hostile-app.js';
import { HttpDriver } from '../src/clients/http-driver.js';
import { MarkerReader, type Sighting } from '../src/clients/marker-reader.js';
import { WriteSender } from '../src/clients/write-sender.js';
import { TargetFilled } from '#libs/contracts/src/filler.js';
import { EgressClient, type EgressClientOptions } from '#libs/egress/src/egress-client.js';
import { egressError } from '#libs/egress/src/egress-code.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';

const entry = { kind: 'entry', text: '~0123456789 A short walk' } as const;
const value = { kind: 'value', value: 424_242 } as const;
const inTime = () => AbortSignal.timeout(30_000);
const status =
  (line: string, body = '', ...headers: string[]): Misbehaviour =>
  (socket) =>
    void socket.write(
      [`HTTP/1.1 ${line}`, `Content-Length: ${Buffer.byteLength(body)}`, ...headers, '', body].join('\r\n'),
    );

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});
async function appOf(routes: Record<string, Misbehaviour>): Promise<HostileApp> {
  const app = await startHostileApp(routes);
  cleanups.push(() => app.close());
  return app;
}
function clientFor(app: HostileApp, options: Partial<EgressClientOptions> = {}): EgressClient {
  const client = new EgressClient({ policy: new EgressPolicy({ allow: [`127.0.0.1:${app.port}`] }), ...options });
  cleanups.unshift(() => client.close());
  return client;
}
async function send(answer: Misbehaviour, payload: typeof entry | typeof value = entry) {
  const app = await appOf({ '/api/journal/entries': answer, '/api/server/values': answer });
  const session = await new HttpDriver(new WriteSender(clientFor(app))).open(app.origin);
  return { app, result: await session.send(payload, inTime()) };
}

describe('a write over HTTP', () => {
  it('is sent as the reference app takes it, and acknowledged by its words', async () => {
    const { app, result } = await send(status('200 OK', '{"ok":true}'));
    expect(result).toEqual({ outcome: 'acknowledged', status: 200, reason: null });
    expect(app.seen.map(({ line }) => line)).toEqual(['POST /api/journal/entries HTTP/1.1']);
    expect((await send(status('200 OK', '{"working":true}'), value)).result.outcome).toBe('acknowledged');
  });

  it.each<[string, Misbehaviour, string, number | null]>([
    ['says no', status('400 Bad Request', '{"ok":false}'), 'refused', 400],
    ['says no with 200', status('200 OK', '{"error":"db is down"}'), 'refused', 200],
    ['is not to be found', status('404 Not Found'), 'refused', 404],
    ['sends the request elsewhere', status('307 Elsewhere', '', 'Location: /api/moods'), 'refused', 307],
    ['sends the reader elsewhere', status('303 See Other', '', 'Location: /done'), 'unknown', 303],
    ['shows its page', status('200 OK', '<!doctype html>'), 'unknown', 200],
    ['fails', status('500 Failed', '{"ok":false}'), 'unknown', 500],
    ['hides behind an ingress', status('502 Bad Gateway'), 'unknown', 502],
    ['took too long to be told', status('408 Request Timeout'), 'unknown', 408],
    ['drops the connection', (socket) => socket.destroy(), 'unknown', null],
    [
      'breaks off its answer',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"ok":tr'),
      'unknown',
      200,
    ],
    ['never ends its answer', (socket) => pour(socket, reply('x'.repeat(100_000)).subarray(0, 99_000)), 'unknown', 200],
    ['drips its answer', (socket) => (socket.write('HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n'), drip(socket, '{', 500)), 'unknown', 200], // prettier-ignore
    ['speaks no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9\r\n'), 'unknown', null],
  ])('to an app that %s is sent once, and its outcome is what that proves', async (_how, answer, outcome, code) => {
    const { app, result } = await send(answer);
    expect(result).toEqual({ outcome, status: code, reason: expect.any(String) });
    expect(app.seen).toHaveLength(1);
  });

  it('to an app that is down is refused, and nothing left', async () => {
    const app = await appOf({});
    const session = await new HttpDriver(new WriteSender(clientFor(app))).open(app.origin);
    await app.close();
    expect(await session.send(entry, inTime())).toMatchObject({ outcome: 'refused', status: null });
  });

  it('that our own DNS keeps from leaving was not sent, and the app is not blamed', async () => {
    const app = await appOf({});
    const resolver = { resolve: async (host: string) => Promise.reject(egressError('dns-down', host)) } as never;
    const session = await new HttpDriver(new WriteSender(clientFor(app, { resolver }))).open('http://app.example.org');
    expect(await session.send(entry, inTime())).toMatchObject({ outcome: 'not-sent' });
  });

  it('to a name of 250 characters has a reason that can be said', async () => {
    const app = await appOf({});
    const resolver = { resolve: async () => ['10.0.0.1'] } as never;
    const host = [...Array<string>(3).fill('a'.repeat(62)), 'b'.repeat(45), 'example-app', 'dev'].join('.');
    const session = await new HttpDriver(new WriteSender(clientFor(app, { resolver }))).open(`http://${host}:8080`);
    const result = await session.send(entry, inTime());
    expect(result.outcome).toBe('refused');
    expect(TargetFilled.schema.shape.note.safeParse(result.reason).success).toBe(true);
  });

  it('that our own failure may have let leave is unknown, not thrown', async () => {
    const broken = { request: () => Promise.reject(new TypeError('connection terminated')) } as unknown as EgressClient;
    const session = await new HttpDriver(new WriteSender(broken)).open('http://app.example.org');
    const result = await session.send(entry, inTime());
    expect(result).toEqual({ outcome: 'unknown', status: null, reason: 'The lab failed while it was sending.' });
  });
});

describe('a marker', () => {
  const look = async (routes: Record<string, Misbehaviour>, ...payloads: (typeof entry | typeof value)[]) => {
    const app = await appOf(routes);
    const writes = payloads.map((payload) => ({ payload, marker: '~0123456789' }));
    return { app, sightings: await new MarkerReader(clientFor(app)).look(app.origin, writes, inTime()) };
  };
  const entries = '/api/journal/entries/all';
  const values = '/api/server/values/all';

  it('is found in what the app shows, every list read once', async () => {
    const { app, sightings } = await look(
      {
        [entries]: status('200 OK', '{"rows":[{"id":1,"text":"~0123456789 A short walk"}]}'),
        [values]: status('200 OK', '{"rows":[{"number":424242}]}'),
      },
      ...[entry, value, entry],
    );
    expect(sightings).toEqual(['shown', 'shown', 'shown']);
    expect(app.seen).toHaveLength(2);
  });

  it.each<[string, Sighting]>([
    ['{"rows":[{"number":424242}]}', 'shown'],
    ['{"rows":[{"number": "424242"}]}', 'shown'],
    ['{"rows":[{"id":424242,"number":7}]}', 'absent'],
    ['{"rows":[{"number":4242420}],"total":424242}', 'absent'],
    ['{"rows":[{"number":424242.5}]}', 'absent'],
    ['{"rows":[{"number":-424242}]}', 'absent'],
  ])('of a value is the number of a row, not the same digits elsewhere: %s', async (body, sighting) => {
    expect((await look({ [values]: status('200 OK', body) }, value)).sightings).toEqual([sighting]);
  });

  it('is not called absent when the app did not show its list, or we could not ask', async () => {
    expect((await look({ [entries]: status('503 Away') }, entry)).sightings).toEqual(['no-answer']);
    expect((await look({ [entries]: (socket) => socket.destroy() }, entry)).sightings).toEqual(['no-answer']);
    const app = await appOf({});
    const resolver = { resolve: async (host: string) => Promise.reject(egressError('dns-down', host)) } as never;
    const reader = new MarkerReader(clientFor(app, { resolver }));
    const writes = [{ payload: entry, marker: '~0123456789' }];
    expect(await reader.look('http://app.example.org', writes, inTime())).toEqual(['not-asked']);
    expect(await reader.look(app.origin, writes, AbortSignal.abort())).toEqual(['not-asked']);
  });
});
