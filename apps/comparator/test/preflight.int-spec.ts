import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Asking } from './asking.js';
import { FakeApp } from './fake-app.js';
import { JudgePool } from '../src/judging/judge-pool.js';
import { JudgeLost } from '../src/judging/judge.js';
import {
  BeginPreflight,
  GetPreflight,
  preflightsAtOnceMax,
  type PreflightCheck,
  type ReadPreflight,
} from '#libs/contracts/src/preflight.js';
import { Lab } from '#libs/testing/src/lab.js';
import { until } from '#libs/testing/src/settle.js';

// Goal: a look at an app before it is submitted says what is wrong with it at the line where it belongs, blames nobody for what is ours,
// and leaves nothing behind. Method: the comparator alone with real Postgres, NATS and judges; apps on loopback.
describe('a pre-flight', () => {
  let lab: Lab;
  let asking: Asking;
  const names = ['Faithful', 'Failing', 'Shapeless', 'Moved', 'Nobody', 'Held', 'Once', 'Judged'] as const;
  const apps = new Map<string, FakeApp>();
  const app = (name: (typeof names)[number]) => apps.get(name)!;
  const query = <Row extends object>(sql: string, parameters: unknown[] = []) =>
    lab.query<Row>('comparator', sql, parameters);

  beforeAll(async () => {
    for (const name of names) apps.set(name, await FakeApp.start());
    await app('Nobody').stop();
    lab = await Lab.start({
      host: ['comparator'],
      env: { EGRESS_ALLOW: [...apps.values()].map(({ allow }) => allow).join(','), COMPARE_INTERVAL_SECONDS: '86400' },
    });
    asking = await Asking.start(lab);
  });
  afterAll(async () => {
    await asking?.stop();
    await lab?.stop();
    for (const [name, one] of apps) if (name !== 'Nobody') await one.stop();
  });

  const begin = async (url: string, preflightId: string = randomUUID()) =>
    BeginPreflight.reply.parse(await asking.ask('BeginPreflight', { preflightId, url })).preflightId;
  const show = async (preflightId: string) =>
    GetPreflight.reply.parse(await asking.ask('GetPreflight', { preflightId })).preflight;
  /** Further attempts are made due at once. */
  const over = (preflightId: string) =>
    until(async () => {
      await query(`update work set due_at = clock_timestamp() where kind = 'preflight' and due_at > clock_timestamp()`);
      const preflight = await show(preflightId);
      return preflight?.isOver && preflight;
    });
  const look = async (name: (typeof names)[number], path = '') => over(await begin(`${app(name).address}${path}`));
  const states = ({ lines }: ReadPreflight) => lines.map(({ state }) => state).join(' ');
  const lineOf = ({ lines }: ReadPreflight, check: PreflightCheck) => lines.find((line) => line.check === check)!;

  it('finds nothing wrong with a faithful app, and counts what it shows', async () => {
    for (let n = 0; n < 3; n += 1) app('Faithful').take({ kind: 'entry', text: `day ${n}` });
    app('Faithful').take({ kind: 'mood', mood: 'calm', note: 'slept' });
    const found = await look('Faithful', '/');
    expect([states(found), found.isReadable, found.url]).toEqual([Array(8).fill('passed').join(' '), true, app('Faithful').address]); // prettier-ignore
    expect(lineOf(found, 'entries').sentence).toMatch(/^It answered 200 in \d+ ms: 3 rows\.$/);
    expect(lineOf(found, 'moods').sentence).toMatch(/: 1 row\.$/);
    expect(lineOf(found, 'stats').sentence).toContain('figures');
  });

  it('says of an endpoint that fails, and of another shape, what is wrong there and that the rest is fine', async () => {
    app('Failing').instead.set('values', (_request, response) => void response.writeHead(500).end());
    app('Shapeless').answerWith('entries', { entries: [] });
    const [failing, shapeless] = await Promise.all([look('Failing'), look('Shapeless')]);
    expect([states(failing), failing.isReadable]).toEqual(['passed passed passed passed passed passed failed passed', false]); // prettier-ignore
    expect(lineOf(failing, 'values').sentence).toBe('It answered 500 instead of 200.');
    expect([states(shapeless), shapeless.isReadable]).toEqual(['passed passed passed passed failed passed passed passed', false]); // prettier-ignore
    expect(lineOf(shapeless, 'entries')).toMatchObject({ sentence: expect.stringContaining('not with what this endpoint gives'), next: expect.stringContaining('"text"') }); // prettier-ignore
  });

  it('says where a redirect leads and does not follow it, and that nobody listens', async () => {
    let followed = 0;
    app('Moved').instead.set('/api', (request, response) => {
      if (request.url!.startsWith('/there')) followed += 1;
      response.writeHead(301, { location: request.url!.startsWith('/there') ? '/' : `/there${request.url}` }).end();
    });
    const [moved, nobody] = await Promise.all([look('Moved'), look('Nobody')]);
    const skipped = 'skipped skipped skipped skipped skipped';
    expect([states(moved), moved.isReadable, followed]).toEqual([`passed passed failed ${skipped}`, false, 0]);
    expect(lineOf(moved, 'answers').next).toBe(`Give the address that it leads to: ${app('Moved').address}/there`);
    expect([states(nobody), nobody.isReadable]).toEqual([`passed passed failed ${skipped}`, false]);
    expect(lineOf(nobody, 'answers')).toMatchObject({ sentence: expect.stringContaining('Nothing listens on this port'), next: expect.stringContaining('Start the app') }); // prettier-ignore
  });

  it('is not taken for an address that is not public, and leaves no row', async () => {
    const before = await query('select preflight_id from preflight');
    for (const url of [
      'http://10.1.2.3:8080',
      'http://169.254.169.254',
      'http://127.0.0.1:1',
      'not an address',
      'http://a.example.org/?x',
    ])
      await expect(begin(url)).rejects.toThrow('url-not-allowed');
    expect(await query('select preflight_id from preflight')).toEqual(before);
    expect(await query(`select 1 from work where kind = 'preflight'`)).toEqual([]);
  });

  it('takes effect once for one id', async () => {
    let asked = 0;
    app('Once').instead.set('values', (_request, response) => {
      asked += 1;
      response.end('{"rows":[]}');
    });
    const preflightId = randomUUID();
    const { address } = app('Once');
    await Promise.all([begin(address, preflightId), begin(address, preflightId), begin(address, preflightId)]);
    await over(preflightId);
    await begin(address, preflightId);
    expect(await query(`select 1 from work where kind = 'preflight'`)).toEqual([]);
    expect([asked, (await query('select 1 from preflight where preflight_id = $1', [preflightId])).length]).toEqual([1, 1]); // prettier-ignore
  });

  it('shows its first line at once, and is refused while as many as are allowed are under way', async () => {
    const held: ServerResponse[] = [];
    let isOpen = false;
    app('Held').instead.set('values', (_request, response) => {
      if (isOpen) response.end('{"rows":[]}');
      else held.push(response);
    });
    await query(
      `insert into preflight (preflight_id, url, asked_at, lines) select gen_random_uuid(), 'x', now(), '[]' from generate_series(1, $1)`,
      [preflightsAtOnceMax - 2],
    );
    // There is room for two. Five ask before the first one's row is there.
    await query('begin');
    await query('lock table preflight in share row exclusive mode');
    const five = Promise.allSettled(Array.from({ length: 5 }, () => begin(app('Held').address)));
    await until(async () => (await query('select 1 from pg_locks where not granted')).length >= 5);
    await query('commit');
    const asks = await five;
    const begun = asks.flatMap((ask) => (ask.status === 'fulfilled' ? [ask.value] : []));
    const refused = asks.flatMap((ask) => (ask.status === 'rejected' ? [String(ask.reason)] : []));
    expect([begun.length, refused.length]).toEqual([2, 3]);
    expect(refused.every((why) => why.includes('limit-reached: We are looking at 8 apps already'))).toBe(true);
    expect(await show(begun[0]!)).toMatchObject({ isOver: false, isReadable: false, lines: [{ check: 'address', state: 'passed', sentence: `We read it as ${app('Held').address}.` }] }); // prettier-ignore
    isOpen = true;
    for (const response of held) response.end('{"rows":[]}');
    await Promise.all(begun.map(over));
    await query(`delete from preflight where url = 'x'`);
    expect(await query('select 1 from preflight where ended_at is null')).toEqual([]);
    await over(await begin(app('Held').address));
  });

  it('reads again when an attempt of ours has failed, and is unknown, not the app’s fault, when the last one has', async () => {
    const pool = (lab.hosted.get('comparator') as unknown as { get(token: unknown): JudgePool }).get(JudgePool);
    const judge = pool.judge.bind(pool);
    const lost = () => Promise.reject(new JudgeLost('it ended the judge (SIGKILL)'));
    let failures = 0;
    pool.judge = (job) => ((failures += 1) <= 2 ? lost() : judge(job)); // the look, and whether it is the app
    expect(states(await look('Judged'))).toBe(Array(8).fill('passed').join(' '));
    pool.judge = lost;
    const found = await look('Judged').finally(() => (pool.judge = judge));
    expect([failures, states(found), found.isReadable]).toEqual([3, `passed${' unknown'.repeat(7)}`, false]);
    expect(lineOf(found, 'moods').sentence).toMatch(/^Our side failed: /);
  });

  it('is forgotten after an hour, and its row is deleted when the next one begins', async () => {
    const preflightId = await begin(app('Faithful').address);
    await over(preflightId);
    await query(`update preflight set asked_at = asked_at - interval '61 minutes' where preflight_id = $1`, [preflightId]); // prettier-ignore
    expect(await show(preflightId)).toBeNull();
    expect(await show(randomUUID())).toBeNull();
    await over(await begin(app('Faithful').address));
    expect(await query('select 1 from preflight where preflight_id = $1', [preflightId])).toEqual([]);
  });

  it('counts nowhere: no app, no comparison, no batch, nothing said', async () => {
    for (const table of ['app', 'comparison', 'batch', 'outbox', 'sighting', 'endpoint_look', 'evidence'])
      expect([table, await query(`select 1 from ${table}`)]).toEqual([table, []]);
  });
});
