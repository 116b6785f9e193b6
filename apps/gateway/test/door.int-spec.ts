import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayClient } from '#libs/testing/src/gateway-client.js';
import { Lab } from '#libs/testing/src/lab.js';
import type { OwnLimits, SubmittedApp } from '#libs/contracts/src/gateway.js';
import type { ProblemDocument } from '#libs/contracts/src/problem.js';

const token = 'a-token-for-tests-that-is-long-enough-0123456789';
const typeOf = ({ body }: { body: ProblemDocument }) => body.type.replace('urn:lockstep:problem:', '');

describe('the door', () => {
  let lab: Lab;
  let gateway: GatewayClient;
  let web: string;
  beforeAll(async () => {
    web = mkdtempSync(join(tmpdir(), 'lockstep-web-'));
    const env = { PORT: '0', ADMIN_TOKEN: token, ADMIN_PASSWORD: 'a password for tests' };
    const more = { WEB_ROOT: web, NEW_APPS_PER_HOUR: '3', TRUST_PROXY: '127.0.0.1' };
    lab = await Lab.start({ host: ['gateway', 'submission'], env: { ...env, ...more } });
    gateway = await GatewayClient.of(lab);
  });
  afterAll(async () => {
    await lab?.stop();
    rmSync(web, { recursive: true, force: true });
  });
  const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    gateway.visitor<ProblemDocument>(method, path, body, headers);

  describe('of an address', () => {
    it.each([
      ['PUT', '/api/v1/apps', 'GET, HEAD, POST'],
      ['DELETE', '/api/v1/apps', 'GET, HEAD, POST'],
      ['GET', '/api/v1/fills', 'POST'],
      ['POST', '/api/v1/apps/1/writes?limit=1', 'GET, HEAD'],
      ['PATCH', '/api', 'GET, HEAD'],
    ])('says for %s %s which methods it has', async (method, path, allow) => {
      const answer = await ask(method, path);
      expect([answer.status, typeOf(answer), answer.headers.get('allow')]).toEqual([405, 'method-not-allowed', allow]);
    });

    it('answers OPTIONS with them, and shares nothing with other sites', async () => {
      const answer = await ask('OPTIONS', '/api/v1/apps', undefined, { origin: 'https://elsewhere.example' });
      expect([answer.status, answer.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST']);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    });

    it('that does not exist says so, whatever the method', async () => {
      for (const method of ['GET', 'POST', 'PUT', 'OPTIONS'])
        expect((await ask(method, '/api/v1/nothing')).status).toBe(404);
    });

    it('lists at /api what exists', async () => {
      const { status, body } = await gateway.visitor<{ api: { method: string; path: string }[] }>('GET', '/api');
      expect(status).toBe(200);
      expect(body.api).toEqual(
        expect.arrayContaining([
          { method: 'POST', path: '/api/v1/apps' },
          { method: 'GET', path: '/api/v1/traces/:traceId' },
          { method: 'GET', path: '/api/leaderboard' },
        ]),
      );
    });

    it('of the live stream tells its headers to HEAD, and ends', async () => {
      const signal = AbortSignal.timeout(2_000);
      const { status, headers } = await fetch(`${gateway.url}/api/v1/events`, { method: 'HEAD', signal });
      expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    });
  });

  describe('to what no database can store', () => {
    it.each([
      ['GET', '/api/v1/traces?search=%00', undefined],
      ['GET', '/api/v1/board/log?search=a%00b', undefined],
      ['POST', '/api/v1/session', { name: 'a\0b', password: 'x' }],
      ['POST', '/api/v1/apps', { name: 'a\0b', url: 'https://nul.example.org' }],
    ])('says that it is the request’s fault: %s %s', async (method, path, body) => {
      const answer = await ask(method, path, body);
      expect([answer.status, typeOf(answer)]).toEqual([400, 'validation']);
    });
  });

  it('takes no form for JSON', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await ask('POST', '/api/v1/apps', 'name=Form&url=https%3A%2F%2Fform.example.org', form);
    expect([answer.status, typeOf(answer)]).toEqual([400, 'not-json']);
    expect((await ask('POST', '/api/v1/session', '{}', { 'content-type': 'text/plain' })).status).toBe(400);
  });

  it('takes the verdicts of a whole lab to preview its board, from staff; without the leaderboard it is our fault', async () => {
    const endpoints = ['moods/all', 'journal/entries/all', 'stats/overview', 'server/values/all'].map((path) => ({
      ...{ path: `/api/${path}`, verdict: 'out-of-sync', missing: 200_000 },
    }));
    const of = (apps: number) => ({
      verdicts: Array.from({ length: apps }, () => ({ appId: randomUUID(), verdict: 'out-of-sync', endpoints })),
    });
    const path = '/api/v1/board/preview';
    const whole = await gateway.staff<ProblemDocument>('POST', path, of(1_000));
    expect([whole.status, typeOf(whole), whole.body.side]).toEqual([503, 'service-down', 'ours']);
    const more = await gateway.staff<ProblemDocument>('POST', path, of(1_001));
    expect([more.status, typeOf(more)]).toEqual([400, 'validation']);
    expect(typeOf(await gateway.staff('POST', path, of(2_000)))).toBe('too-large');
    const batch = `/api/v1/batches/${randomUUID()}/preview`;
    expect([typeOf(await ask('POST', path, of(1))), typeOf(await ask('GET', batch))]).toEqual(
      ['sign-in-needed', 'sign-in-needed'], // prettier-ignore
    );
  });

  it('says when it is worth trying again', async () => {
    const answer = await gateway.staff<ProblemDocument>('POST', '/api/v1/comparisons', { apps: 'all' });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
  });

  it('says what was changed when only one of two owners was there', async () => {
    const both = { fill: { on: false }, compare: { on: false } };
    const { status, body } = await gateway.staff<ProblemDocument>('PATCH', '/api/v1/automation', both);
    expect([status, body.detail]).toEqual([
      503,
      'The fills were changed. The comparisons were not: The comparator service is not running.',
    ]);
    expect(body.next).toMatch(/^Send the part "compare" again\./);
    expect(await gateway.visitor('GET', '/api/v1/automation')).toMatchObject({ body: { fill: { on: false } } });
  });

  it('lists everybody, however many take part and however long their names are', async () => {
    await lab.query(
      'submission',
      `insert into app (app_id, name, url, owner_token_hash, joined_at)
       select uuidv7(), repeat('n', 60) || n, 'https://' || n || '.example.org/' || repeat('x', 470), n::text, now() - interval '1 day' + n * interval '1 second'
       from generate_series(1, 900) as n`,
    );
    const { status, body } = await gateway.visitor<{ apps: { name: string }[] }>('GET', '/api/v1/apps');
    const many = body.apps.filter(({ name }) => name.startsWith('nnn'));
    expect([status, many.length, new Set(many.map(({ name }) => name)).size]).toEqual([200, 900, 900]);
    const old = await gateway.visitor<{ students: { name: string }[] }>('GET', '/api/students');
    expect([old.status, old.body.students.length]).toEqual([200, body.apps.length]);
    await lab.query('submission', `delete from app where name like 'nnn%'`);
  });

  describe('for new apps', () => {
    const submit = (name: string, address: string, more: object = {}, headers = {}) =>
      ask(
        'POST',
        '/api/v1/apps',
        { name, url: `https://${name}.example.org`, ...more },
        { 'x-forwarded-for': address, ...headers },
      );

    it('has a limit for each address, and says what is left and until when', async () => {
      const address = '203.0.113.9';
      const first = await submit('one', address);
      expect([first.status, first.headers.get('ratelimit')]).toEqual([201, expect.stringMatching(/r=2;t=3(600|599)$/)]);
      expect((await submit('bad', address, { url: 'nonsense' })).status).toBe(422);
      const rest = await Promise.all(['two', 'three', 'four', 'five'].map((name) => submit(name, address)));
      expect(rest.map(({ status }) => status).toSorted()).toEqual([201, 201, 429, 429]);
      const refused = rest.find(({ status }) => status === 429)!;
      expect([typeOf(refused), refused.body.detail]).toEqual([
        'limit-reached',
        expect.stringMatching(/has submitted 3 new apps within an hour: 0 left, resets at \d\d:\d\d UTC\./),
      ]);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_590);
    });

    it('tells what is left before anything is submitted, in words and headers, without counting', async () => {
      const left = async (headers: Record<string, string>) => {
        const answer = await ask('GET', '/api/v1/limits', undefined, headers);
        return { newApps: (answer.body as unknown as OwnLimits).newApps, header: answer.headers.get('ratelimit') };
      };
      const from = { 'x-forwarded-for': '203.0.113.77' };
      const whole = { max: 3, left: 3, withinMinutes: 60, resetsAt: null };
      for (let time = 0; time < 5; time += 1) expect(await left(from)).toEqual({ newApps: whole, header: null });
      const { body } = await submit('asked-first', '203.0.113.77');
      const used = { ...whole, left: 2, resetsAt: expect.stringMatching(/^20.*Z$/) };
      expect((body as unknown as SubmittedApp).newApps).toEqual(used);
      expect(await left(from)).toEqual({ newApps: used, header: expect.stringMatching(/r=2;t=3(600|599)$/) });
      const refused = await submit('asked-first', '203.0.113.77', { url: 'nonsense' });
      expect(refused.headers.get('ratelimit')).toMatch(/r=2;/);
      expect(await left({ ...from, authorization: `Bearer ${token}` })).toEqual({ newApps: null, header: null });
    });

    it('has none for updates, for staff, and for others', async () => {
      const claimCode = (await submit('mine', '203.0.113.10')).body as unknown as { claimCode: string };
      for (const turn of ['a', 'b', 'c', 'd'])
        expect((await submit(`mine-${turn}`, '203.0.113.10', claimCode)).status).toBe(200);
      for (const turn of ['a', 'b', 'c', 'd'])
        expect((await submit(`staff-${turn}`, '203.0.113.11', {}, { authorization: `Bearer ${token}` })).status).toBe(
          201,
        );
      expect((await submit('other', '203.0.113.12')).status).toBe(201);
    });

    it('counts once what is tried again with its key, also when nothing is left', async () => {
      const address = '203.0.113.20';
      const again = () => submit('again', address, {}, { 'idempotency-key': 'key-of-this-student' });
      const tries = [await again(), await again(), await again()];
      const [first, ...others] = tries.map(({ status, body }) => ({ status, body: body as unknown as SubmittedApp }));
      expect(first).toMatchObject({ status: 201, body: { newApps: { left: 2 } } });
      for (const other of others) expect(other).toEqual(first);
      for (const name of ['again-b', 'again-c']) expect((await submit(name, address)).status).toBe(201);
      expect((await submit('again-d', address)).status).toBe(429);
      const last = await again();
      expect([last.status, (last.body as unknown as SubmittedApp).claimCode]).toEqual([201, first!.body.claimCode]);
      expect(last.headers.get('ratelimit')).toMatch(/r=0;/);
      const other = await submit('again-e', address, {}, { 'idempotency-key': 'key-of-this-student' });
      expect([other.status, typeOf(other)]).toEqual([409, 'idempotency-mismatch']);
    });

    it('counts nothing that we could not take', async () => {
      const address = '203.0.113.21';
      await lab.hosted.get('submission')!.close();
      for (const turn of [1, 2, 3, 4]) {
        const refused = await submit(`late-${turn}`, address);
        expect([refused.status, typeOf(refused), refused.headers.get('ratelimit')]).toEqual([503, 'service-down', expect.stringMatching(/r=3;/)]); // prettier-ignore
      }
      await lab.host('submission');
      expect((await submit('late', address)).status).toBe(201);
    });

    it('takes a whole IPv6 network for one address', async () => {
      const from = [1, 2, 3, 4].map((last) => submit(`v6-${last}`, `2001:db8:1:2::${last}`));
      expect((await Promise.all(from)).map(({ status }) => status).toSorted()).toEqual([201, 201, 201, 429]);
    });
  });

  describe('for guesses', () => {
    const signIn = (name: string, address: string, password = 'a wrong one') =>
      ask('POST', '/api/v1/session', { name, password }, { 'x-forwarded-for': address });
    const count = (answers: readonly { status: number }[], status: number) =>
      answers.filter((answer) => answer.status === status).length;

    it('lets no more through at once than one after the other', async () => {
      const answers = await Promise.all(Array.from({ length: 60 }, () => signIn('admin', '198.51.100.1')));
      expect([count(answers, 401), count(answers, 429)]).toEqual([5, 55]);
      expect((await signIn('admin', '198.51.100.1', 'a password for tests')).status).toBe(429);
      expect((await signIn('admin', '198.51.100.2', 'a password for tests')).status).toBe(200);
    });

    it('counts made-up names as well', async () => {
      const answers = [];
      for (let guess = 0; guess < 40; guess += 1) answers.push(await signIn(`name ${guess}`, '198.51.100.3'));
      expect([count(answers, 401), count(answers, 429)]).toEqual([30, 10]);
      expect(Number(answers.at(-1)!.headers.get('retry-after'))).toBeGreaterThan(800);
    });

    it('forgets them for whoever has signed in', async () => {
      for (let turn = 0; turn < 3; turn += 1) {
        for (let guess = 0; guess < 4; guess += 1) await signIn('admin', '198.51.100.4');
        expect((await signIn('admin', '198.51.100.4', 'a password for tests')).status).toBe(200);
      }
    });

    it('turns away at once whom it cannot hear soon, and does not count that', async () => {
      const crowd = Array.from({ length: 60 }, (_, index) => signIn('admin', `198.51.101.${index}`));
      const answers = await Promise.all(crowd);
      const turnedAway = answers.filter(({ status }) => status === 429);
      expect(turnedAway.length).toBeGreaterThan(0);
      expect(turnedAway[0]!.body.detail).toBe('There are too many sign-ins at this moment.');
      const used = await lab.query<{ used: number }>(
        'gateway',
        `select sum(used)::int as used from limit_use where limit_name = 'sign-in from one address' and subject like '198.51.101.%'`,
      );
      expect(used[0]!.used).toBe(60 - turnedAway.length);
    });

    it('gives a cookie that is tied to https when our proxy speaks it', async () => {
      const headers = { 'x-forwarded-for': '198.51.100.5', 'x-forwarded-proto': 'https' };
      const answer = await ask('POST', '/api/v1/session', { name: 'admin', password: 'a password for tests' }, headers);
      expect(answer.headers.get('set-cookie')).toMatch(/^__Host-lockstep=\S+; Path=\/; .*; Secure$/);
    });
  });

  describe('to the pages', () => {
    const build = (name: string) => {
      rmSync(web, { recursive: true, force: true });
      mkdirSync(join(web, 'assets'), { recursive: true });
      writeFileSync(join(web, 'index.html'), `<script src="/assets/${name}.js"></script>`);
      writeFileSync(join(web, 'assets', `${name}.js`), `// ${name}`);
      writeFileSync(join(web, 'favicon.svg'), '<svg/>');
    };
    const page = async (path: string) => {
      const { status, headers, body } = await gateway.visitor<string>('GET', path);
      return { status, kept: headers.get('cache-control'), type: headers.get('content-type'), body };
    };

    it('says that there are none before they are built', async () => {
      rmSync(web, { recursive: true, force: true });
      expect((await page('/leaderboard')).status).toBe(404);
    });

    it('shows them at every address of theirs, and lets nobody keep the page itself', async () => {
      build('one');
      for (const path of ['/', '/leaderboard', '/apps/1.2', '/index.html?x=1'])
        expect(await page(path)).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' });
      expect((await page('/leaderboard')).kept).toBe('no-cache');
      const { headers } = await gateway.visitor('GET', '/apps/1');
      // The pages' own tests (apps/web/dev/fixture.ts) run under the same one.
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(await page('/assets/one.js')).toMatchObject({
        status: 200,
        kept: 'public, max-age=31536000, immutable',
        type: 'application/javascript; charset=utf-8',
      });
      expect(await page('/favicon.svg')).toMatchObject({ status: 200, kept: 'public, max-age=3600' });
    });

    it('follows a new build, and gives no page in the place of a file that is gone', async () => {
      build('one');
      expect((await page('/')).body).toContain('one.js');
      build('two');
      expect((await page('/')).body).toContain('two.js');
      expect(await page('/assets/two.js')).toMatchObject({ status: 200, body: '// two' });
      expect(await page('/assets/one.js')).toMatchObject({
        status: 404,
        type: 'application/problem+json; charset=utf-8',
      });
    });

    it('leads nowhere else', async () => {
      build('one');
      writeFileSync(join(web, '..', 'outside.txt'), 'secret');
      for (const path of ['/%2e%2e%2foutside.txt', '/assets/..%2f..%2foutside.txt', '/..%00.txt', '/%'])
        expect((await page(path)).body).not.toBe('secret');
      rmSync(join(web, '..', 'outside.txt'));
    });
  });
});
