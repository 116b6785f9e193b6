import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import type { InputOf, ReplyOf } from '#libs/contracts/src/contract.js';
import { FillClosed } from '#libs/contracts/src/filler.js';
import type { ProblemDocument } from '#libs/contracts/src/problem.js';
import type { FillAutomation, FillRequestedData, ListApps, SubmitApp } from '#libs/contracts/src/submission.js';
import type { Answer } from '#libs/messaging/src/requests.js';
import { subject } from '#libs/messaging/src/subjects.js';
import { Lab } from '#libs/testing/src/lab.js';
import { until } from '#libs/testing/src/settle.js';
import { StandIn } from '#libs/testing/src/stand-in.js';

// Goal: who takes part, and when a fill is due, as asked for at the same moment and up to the limits.
// Method: submission alone, with real Postgres and NATS; the filler is a log without a service. Time passes by moving what was promised.
type Submitted = ReplyOf<typeof SubmitApp>;
const baselineUrl = 'http://127.0.0.1:9';
const shadowUrl = 'https://second.example.org';
const answerBytesMax = 256 * 1024;
const eventBytesMax = 1_000_000;

describe('the submission service', () => {
  let lab: Lab;
  let filler: StandIn;
  let gateway: NatsConnection;

  const query = <Row extends object>(sql: string, parameters: unknown[] = []) =>
    lab.query<Row>('submission', sql, parameters);
  const ask = async (name: string, data: object) => {
    const reply = await gateway.request(subject.ask('submission', name), JSON.stringify(data), { timeout: 5_000 });
    return { answer: reply.json<Answer>(), bytes: reply.data.length };
  };
  const answered = async <Reply>(name: string, data: object): Promise<Reply> => {
    const { answer } = await ask(name, data);
    if ('problem' in answer) throw new Error(`${answer.problem.type}: ${answer.problem.detail}`);
    return answer.ok as Reply;
  };
  const problem = async (name: string, data: object): Promise<ProblemDocument | undefined> => {
    const { answer } = await ask(name, data);
    return 'problem' in answer ? answer.problem : undefined;
  };
  const submit = (data: InputOf<typeof SubmitApp>) => answered<Submitted>('SubmitApp', data);
  const fills = async () =>
    (await query<{ body: FillRequestedData }>(`select body::jsonb as body from outbox where name = 'FillRequested' order by position`)).map(({ body }) => body); // prettier-ignore
  const automation = () => answered<FillAutomation>('GetFillAutomation', {});
  /** What was promised becomes due. */
  const promiseIsDue = async () => {
    await query(`update automation set next_fill_at = clock_timestamp() - interval '1 second'`);
    await query(`update work set due_at = clock_timestamp() where kind = 'fill-schedule'`);
  };
  const promised = async () =>
    (await query<{ at: Date | null }>('select next_fill_at as at from automation'))[0]!.at?.getTime() ?? null;
  const close = async ({ fillId, number }: FillRequestedData) => {
    const counts = { filled: 1, partly: 0, givenUp: 0 };
    await filler.say(FillClosed, { fillId, number, closedAt: new Date().toISOString(), ...counts });
    await lab.settle({ services: ['filler', 'submission'] });
  };

  beforeAll(async () => {
    lab = await Lab.start({
      host: ['submission'],
      env: { FILL_INTERVAL_SECONDS: '86400', BASELINE_URL: baselineUrl, SHADOW_BASELINE_URL: shadowUrl },
    });
    filler = await StandIn.start(lab, 'filler');
    gateway = await lab.connectAs('gateway');
  });
  afterAll(async () => {
    await gateway?.close();
    await filler?.stop();
    await lab?.stop();
  });

  it('gives one address to one of those who submit it at once, and a clear answer to the others', async () => {
    const url = 'https://wanted.example.org';
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => ask('SubmitApp', { name: `App ${i}`, url })));
    const problems = answers.flatMap(({ answer }) => ('problem' in answer ? [answer.problem.type] : []));
    expect(problems).toEqual(Array(7).fill('urn:lockstep:problem:url-claimed'));
    expect(await query('select 1 from app where url = $1', [url])).toHaveLength(1);
  });

  it('requests the first fill at once, with both baselines and everybody who takes part', async () => {
    await promiseIsDue();
    const [first] = await until(async () => ((await fills()).length > 0 ? await fills() : undefined));
    expect(first).toMatchObject({
      number: 1,
      targets: [{ role: 'baseline', url: baselineUrl }, { role: 'shadow', url: shadowUrl }, { role: 'app' }],
    });
    expect(await automation()).toMatchObject({ nextFillAt: null, lastFill: { number: 1 } });
  });

  it('keeps the early fill that it promises to an app that joins while a fill is open', async () => {
    const app = await submit({ name: 'Eager', url: 'https://eager.example.org' });
    await lab.settle({ services: ['submission'] });
    const promise = await promised();
    expect(promise).toBeGreaterThan(Date.now());
    expect(await query(`select 1 from work where kind = 'fill-schedule'`)).toEqual([]);
    expect(await automation()).toMatchObject({ nextFillAt: null });
    await close((await fills())[0]!);
    expect(await promised()).toBe(promise);
    expect(Date.parse((await automation()).nextFillAt!) - Date.now()).toBeLessThan(20_000);
    await promiseIsDue();
    await until(async () => (await fills()).length === 2);
    expect((await fills())[1]!.targets.map((target) => target.targetId)).toContain(app.appId);
    await close((await fills())[1]!);
  });

  it('shows an app under a pseudonym by nothing else: in what it says, in what it lists, but to staff', async () => {
    const url = 'https://hidden.example.org';
    const hidden = await submit({ name: 'Ada Lovelace', team: 'Engines', pseudonym: ' Fox\u202e ', url });
    expect(hidden).toMatchObject({ name: 'Ada Lovelace', pseudonym: 'Fox' });
    await submit({ name: 'Ada Byron', team: 'Engines', url, ownerToken: hidden.ownerToken! });
    const said = await query<{ body: string }>(`select body::text from outbox where body::text like '%' || $1 || '%'`, [
      hidden.appId,
    ]);
    expect(said.map(({ body }) => JSON.parse(body) as object)).toEqual([
      expect.objectContaining({ name: 'Fox', team: null, isPseudonym: true }),
      expect.objectContaining({ name: 'Fox', team: null, isPseudonym: true }),
    ]);
    const listed = async (data: object) =>
      (await answered<ReplyOf<typeof ListApps>>('ListApps', data)).apps.find((app) => app.appId === hidden.appId);
    expect(await listed({})).toMatchObject({ name: 'Fox', team: null, real: null });
    expect(await listed({ forStaff: true })).toMatchObject({
      ...{ name: 'Fox', team: null },
      real: { name: 'Ada Byron', team: 'Engines' },
    });
    const moved = { by: 'staff', baselineUrl: url };
    expect((await problem('SetFillAutomation', moved))?.detail).toContain('the app of Fox');
  });

  it('hastens no fill for an owner who submits his app again and again', async () => {
    const { appId, ownerToken } = await submit({ name: 'Busy', url: 'https://busy.example.org' });
    await query('update automation set next_fill_at = $1', [new Date(Date.now() + 80_000_000)]);
    const before = await promised();
    for (const name of ['Busy 2', 'Busy 3'])
      await submit({ name, url: 'https://busy.example.org', ownerToken: ownerToken! });
    expect(await promised()).toBe(before);
    await answered('WithdrawApp', { appId, by: 'owner', ownerToken });
    await submit({ name: 'Busy 4', url: 'https://busy.example.org', ownerToken: ownerToken! });
    expect(await promised()).toBeLessThan(Date.now() + 60_000);
  });

  it('takes neither the baseline for an app, nor an app for the baseline', async () => {
    const taken = { name: 'Mallory', url: baselineUrl };
    expect(await problem('SubmitApp', taken)).toMatchObject({ type: 'urn:lockstep:problem:url-not-allowed' });
    const second = { name: 'Mallory', url: shadowUrl };
    expect(await problem('SubmitApp', second)).toMatchObject({ type: 'urn:lockstep:problem:url-not-allowed' });
    for (const address of ['https://eager.example.org', shadowUrl]) {
      const moved = { by: 'staff', baselineUrl: address };
      expect(await problem('SetFillAutomation', moved)).toMatchObject({ type: 'urn:lockstep:problem:conflict' });
    }
    expect((await automation()).baselineUrl).toBe(baselineUrl);
  });

  it('refuses an address that is too long when it is written out, and says so', async () => {
    const long = { name: 'Long', url: `https://long.example.org/${'é'.repeat(200)}` };
    expect(await problem('SubmitApp', long)).toMatchObject({
      type: 'urn:lockstep:problem:url-not-allowed',
      detail: 'The address has more than 500 characters when written out.',
    });
  });

  it('is full at 1,000 apps: their fill still fits into one message, and their list into pages', async () => {
    const [{ count }] = (await query<{ count: number }>('select count(*)::int as count from app where withdrawn_at is null')) as [{ count: number }]; // prettier-ignore
    await query(
      `insert into app (app_id, name, team, url, owner_token_hash, joined_at)
       select uuidv7(), repeat('名', 64), repeat('組', 64), 'https://' || i || '.example.org/' || repeat('x', 470), i::text, now() - i * interval '1 hour'
       from generate_series(1, $1) as i`,
      [999 - count],
    );
    const last = [1, 2, 3].map((i) => ask('SubmitApp', { name: `Last ${i}`, url: `https://last-${i}.example.org` }));
    const problems = (await Promise.all(last)).flatMap(({ answer }) => ('problem' in answer ? [answer.problem] : []));
    expect(problems).toMatchObject(
      Array(2).fill({ type: 'urn:lockstep:problem:limit-reached', status: 429, next: 'Ask staff.' }),
    );
    await promiseIsDue();
    const fill = await until(async () => (await fills())[2]);
    expect(fill.targets).toHaveLength(1_002);
    expect(Buffer.byteLength(JSON.stringify(fill))).toBeLessThan(eventBytesMax);
    await lab.settle({ services: ['submission'] });
    expect(await query('select 1 from outbox where n is null')).toEqual([]);
    const listed: string[] = [];
    let after: string | null | undefined;
    for (let pages = 0; after !== null && pages < 20; pages += 1) {
      const { answer, bytes } = await ask('ListApps', after ? { after } : {});
      const page = ('ok' in answer ? answer.ok : undefined) as ReplyOf<typeof ListApps>;
      expect(bytes).toBeLessThan(answerBytesMax);
      listed.push(...page.apps.map((app) => app.appId));
      after = page.next;
    }
    expect(listed).toEqual((await query<{ id: string }>('select app_id as id from app order by joined_at, app_id')).map(({ id }) => id)); // prettier-ignore
  });

  it('lists who has left only when asked to, and begins anew after an app that nobody knows', async () => {
    const [{ id }] = (await query<{ id: string }>('update app set withdrawn_at = now() where app_id = (select app_id from app order by joined_at limit 1) returning app_id as id')) as [{ id: string }]; // prettier-ignore
    const first = async (data: object) => (await answered<ReplyOf<typeof ListApps>>('ListApps', data)).apps[0]!.appId;
    expect(await first({ withdrawn: true })).toBe(id);
    expect(await first({})).not.toBe(id);
    expect(await first({ withdrawn: true, after: randomUUID() })).toBe(id);
  });
});
