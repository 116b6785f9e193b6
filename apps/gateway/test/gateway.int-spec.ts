import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { BoardPulse } from '../src/board/board-pulse.js';
import { GatewayClient } from '#libs/testing/src/gateway-client.js';
import { Lab } from '#libs/testing/src/lab.js';
import { until } from '#libs/testing/src/settle.js';
import type { BoardUpdate, SubmittedApp } from '#libs/contracts/src/gateway.js';
import type { ProblemDocument } from '#libs/contracts/src/problem.js';

const token = 'a-token-for-tests-that-is-long-enough-0123456789';
const password = 'a password for tests';

describe('the public door', () => {
  let lab: Lab;
  let gateway: GatewayClient;
  const begins = jest.spyOn(BoardPulse.prototype, 'onApplicationBootstrap');
  beforeAll(async () => {
    const env = { ADMIN_TOKEN: token, ADMIN_PASSWORD: password, PORT: '0', FILL_INTERVAL_SECONDS: '86400' };
    lab = await Lab.start({ host: ['gateway', 'submission', 'leaderboard'], env });
    gateway = await GatewayClient.of(lab);
  });
  afterAll(() => lab?.stop());

  const appCount = async () => (await lab.query<{ count: string }>('submission', 'select count(*) from app'))[0]!.count;

  it('begins its own work once: a second pulse would look at the board twice as often, and the first would not hear the end', () => {
    expect(begins).toHaveBeenCalledTimes(1);
  });

  type Bad = [string, string, string, unknown, number, string];
  const bad: Bad[] = [
    ['malformed JSON', 'POST', '/api/v1/apps', '{"name": ', 400, 'not-json'],
    ['no body', 'POST', '/api/v1/apps', undefined, 400, 'not-json'],
    ['an array', 'POST', '/api/v1/apps', [], 400, 'validation'],
    ['wrong types', 'POST', '/api/v1/apps', { name: 7, url: {} }, 400, 'validation'],
    ['an empty name', 'POST', '/api/v1/apps', { name: ' ', url: 'https://a.example.org' }, 400, 'validation'],
    [
      'a name of invisible characters',
      'POST',
      '/api/v1/apps',
      { name: '\u200b\u202e', url: 'https://a.example.org' },
      400,
      'validation',
    ],
    [
      'a name of 10,000 characters',
      'POST',
      '/api/v1/apps',
      { name: 'x'.repeat(10_000), url: 'https://a.example.org' },
      400,
      'validation',
    ],
    ...[
      ['a name that is too long when it is written out', { name: '\u0958'.repeat(40) }] as const,
      ['a name that passes for another', { name: '\u0410da' }] as const,
      ['a team of nothing visible', { name: 'A', team: '\u3164' }] as const,
      ['a pseudonym of nothing visible: the name would be shown', { name: 'A', pseudonym: '\u2800\u200b' }] as const,
    ].map(([what, names]): Bad => [what, 'POST', '/api/v1/apps', { ...names, url: 'https://a.example.org' }, 400, 'validation']), // prettier-ignore
    ['a body that is too large', 'POST', '/api/v1/apps', { name: 'x'.repeat(100_000), url: 'y' }, 413, 'too-large'],
    ['no address', 'POST', '/api/v1/apps', { name: 'A', url: 'nonsense' }, 422, 'url-not-allowed'],
    ['another scheme', 'POST', '/api/v1/apps', { name: 'A', url: 'javascript:alert(1)' }, 422, 'url-not-allowed'],
    [
      'a private address',
      'POST',
      '/api/v1/apps',
      { name: 'A', url: 'http://169.254.169.254/latest' },
      422,
      'url-not-allowed',
    ],
    ['loopback in disguise', 'POST', '/api/v1/apps', { name: 'A', url: 'http://0x7f.1:5432' }, 422, 'url-not-allowed'],
    [
      'a claim code of nobody',
      'POST',
      '/api/v1/apps',
      { name: 'A', url: 'https://a.example.org', claimCode: 'x' },
      403,
      'owner-token-wrong',
    ],
    ['an id that is none', 'GET', '/api/v1/apps/7/writes', undefined, 400, 'validation'],
    [
      'a ledger of something else',
      'GET',
      `/api/v1/apps/${randomUUID()}/ledger?only=lost`,
      undefined,
      400,
      'validation',
    ],
    ['a page that is none', 'GET', '/api/v1/board/log?limit=-3', undefined, 400, 'validation'],
    ['an unknown route', 'GET', '/api/v1/nothing', undefined, 404, 'not-found'],
    ['an unknown route, posted', 'POST', '/api/nothing', {}, 404, 'not-found'],
    ['a trace id that is none', 'GET', '/api/v1/traces/xyz', undefined, 400, 'validation'],
    ['a trace that is not kept', 'GET', `/api/v1/traces/${'0'.repeat(32)}`, undefined, 404, 'not-found'],
    ['staff routes without signing in', 'POST', '/api/v1/comparisons', { apps: 'all' }, 401, 'sign-in-needed'],
    ['fill now without signing in', 'POST', '/api/v1/fills', undefined, 401, 'sign-in-needed'],
    ['automation without signing in', 'PATCH', '/api/v1/automation', { fill: { on: false } }, 401, 'sign-in-needed'],
    ['dead letters without signing in', 'GET', '/api/v1/dead-letters', undefined, 401, 'sign-in-needed'],
    ['the ledger without signing in', 'GET', '/api/v1/ledger', undefined, 401, 'sign-in-needed'],
  ];
  it.each(bad)(
    'answers %s with one clear problem and changes nothing',
    async (_what, method, path, body, status, type) => {
      const before = await appCount();
      const answer = await gateway.visitor<ProblemDocument>(method, path, body);
      expect([answer.status, answer.body.type, answer.headers.get('content-type')]).toEqual([
        status,
        `urn:lockstep:problem:${type}`,
        'application/problem+json; charset=utf-8',
      ]);
      expect(answer.body).toMatchObject({
        side: 'yours',
        status,
        title: expect.any(String),
        detail: expect.any(String),
        next: expect.stringMatching(/\w/),
      });
      expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|at \w+ \(|\.ts:/);
      expect(await appCount()).toBe(before);
    },
  );

  it('takes the same submission with the same Idempotency-Key once, and refuses the key for another', async () => {
    const key = { 'idempotency-key': 'a-key-of-this-test' };
    const body = { name: 'Twice', url: 'https://twice.example.org' };
    const first = await gateway.visitor<SubmittedApp>('POST', '/api/v1/apps', body, key);
    const second = await gateway.visitor<SubmittedApp>('POST', '/api/v1/apps', body, key);
    expect([first.status, second.body]).toEqual([201, { ...first.body, newApps: second.body.newApps }]); // what is left is that of now
    const other = await gateway.visitor<ProblemDocument>('POST', '/api/v1/apps', { ...body, name: 'Other' }, key);
    expect([other.status, other.body.type]).toEqual([409, 'urn:lockstep:problem:idempotency-mismatch']);
  });

  it('shows names as they are: scripts in them are text', async () => {
    const name = '<script>alert(1)</script>';
    const { status } = await gateway.visitor('POST', '/api/v1/apps', { name, url: 'https://script.example.org' });
    expect(status).toBe(201);
    const apps = await gateway.visitor<{ apps: { name: string }[] }>('GET', '/api/v1/apps');
    expect(apps.body.apps.map((app) => app.name)).toContain(name);
    expect(apps.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('says that a part is away, whose side it is, and that nothing was accepted', async () => {
    const answer = await gateway.staff<ProblemDocument>('POST', '/api/v1/comparisons', { apps: 'all' });
    expect(answer).toMatchObject({
      status: 503,
      body: { side: 'ours', detail: expect.stringContaining('Nothing was accepted'), traceId: expect.any(String) },
    });
    const board = await gateway.visitor<{ missing: string[] }>('GET', '/api/v1/board');
    expect(board.body.missing).toEqual(['comparator']);
  });

  describe('signing in', () => {
    const open = (name: string, secret: string, headers = {}) =>
      gateway.visitor<ProblemDocument>('POST', '/api/v1/session', { name, password: secret }, headers);
    const cookieOf = (headers: Headers) => headers.get('set-cookie')!.split(';')[0]!;

    it('opens a session that only this site may use', async () => {
      const answer = await open('admin', password);
      expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/);
      const cookie = cookieOf(answer.headers);
      expect((await gateway.visitor('GET', '/api/v1/session', undefined, { cookie })).body).toMatchObject({
        name: 'admin',
        role: 'admin',
      });
      const change = (headers: Record<string, string>) =>
        gateway.visitor<ProblemDocument>('PATCH', '/api/v1/automation', { fill: { on: true } }, { cookie, ...headers });
      expect((await change({ origin: 'https://elsewhere.example' })).body.type).toBe(
        'urn:lockstep:problem:origin-refused',
      );
      expect((await change({})).body.type).toBe('urn:lockstep:problem:origin-refused');
      expect((await change({ origin: gateway.url })).status).toBe(200);
      expect(
        (await gateway.visitor('DELETE', '/api/v1/session', undefined, { cookie, origin: gateway.url })).status,
      ).toBe(204);
      expect((await change({ origin: gateway.url })).status).toBe(401);
    });

    it('keeps neither password nor session nor token readable', async () => {
      await open('admin', password);
      const rows = await lab.query(
        'gateway',
        `select password_hash, (select string_agg(token_hash::text, ' ') from session) as sessions, (select string_agg(token_hash::text, ' ') from token) as tokens from account`,
      );
      const text = JSON.stringify(rows);
      expect(text).toMatch(/\$argon2id\$/);
      expect(text).not.toContain(password);
      expect(text).not.toContain(Buffer.from(token).toString('hex'));
    });

    it('says no more than that name or password is wrong, and stops guessing after five attempts', async () => {
      for (let guess = 0; guess < 5; guess += 1)
        expect((await open('nobody', `guess ${guess}`)).body.type).toBe('urn:lockstep:problem:sign-in-failed');
      expect((await open('nobody', 'guess 6')).body).toMatchObject({
        type: 'urn:lockstep:problem:limit-reached',
        next: expect.stringContaining('15 minutes'),
      });
      expect((await open('admin', password)).status).toBe(200);
    });
  });

  describe('the live stream', () => {
    /** Reads events until one satisfies; ends the stream. */
    async function listen(
      headers: Record<string, string>,
      enough: (updates: BoardUpdate[]) => boolean,
    ): Promise<{ ids: string[]; updates: BoardUpdate[] }> {
      const stop = new AbortController();
      const response = await fetch(`${gateway.url}/api/v1/events`, { headers, signal: stop.signal });
      expect(response.headers.get('content-type')).toContain('text/event-stream');
      const seen = { ids: [] as string[], updates: [] as BoardUpdate[] };
      let text = '';
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
          const event = text.slice(0, end);
          text = text.slice(end + 2);
          const data = /^data: (.*)$/m.exec(event)?.[1];
          if (data) {
            seen.updates.push(JSON.parse(data) as BoardUpdate);
            seen.ids.push(/^id: (.*)$/m.exec(event)![1]!);
          }
        }
        if (enough(seen.updates)) break;
      }
      stop.abort();
      return seen;
    }
    const submit = (name: string) =>
      gateway.visitor('POST', '/api/v1/apps', { name, url: `https://${name}.example.org` });
    const names = (updates: BoardUpdate[]) => updates.flatMap((update) => update.rows.map((row) => row.name));

    it('brings a change within a second, and what was missed to whoever comes back', async () => {
      const first = listen({}, (updates) => names(updates).includes('alpha'));
      await submit('alpha');
      const { ids, updates } = await first;
      expect(updates[0]!.reset).toBe(true);
      await submit('beta');
      await until(
        async () => (await lab.query('leaderboard', `select 1 from standing where name = 'beta'`)).length === 1,
      );
      const back = await listen({ 'last-event-id': ids.at(-1)! }, (missed) => names(missed).includes('beta'));
      expect(back.updates.every((update) => !update.reset)).toBe(true);
      expect(names(back.updates)).not.toContain('alpha');
    });

    it('brings every change, however many others ask for the board meanwhile', async () => {
      const wanted = Array.from({ length: 15 }, (_, index) => `many-${index}`);
      const all = listen({}, (updates) => wanted.every((name) => names(updates).includes(name)));
      let isPolling = true;
      const poll = async () => {
        while (isPolling) await gateway.visitor('GET', '/api/v1/board');
      };
      const polling = [poll(), poll()];
      for (const name of wanted) await submit(name);
      expect(names((await all).updates)).toEqual(expect.arrayContaining(wanted));
      isPolling = false;
      await Promise.all(polling);
    });

    it('gives the whole board to whoever comes with a revision that is not ours', async () => {
      const { updates } = await listen({ 'last-event-id': '999999999' }, (some) => some.length > 0);
      expect(updates[0]).toMatchObject({ reset: true });
      expect(names(updates)).toEqual(expect.arrayContaining(['alpha', 'beta']));
    });
  });
});
