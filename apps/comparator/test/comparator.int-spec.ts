import { randomUUID } from 'node:crypto';
import { Asking, type Batch } from './asking.js';
import { FakeApp } from './fake-app.js';
import { closed, filled, requested, submitted, writesOf, type Student } from './lab-world.js';
import { JudgePool } from '../src/judging/judge-pool.js';
import { JudgeLost } from '../src/judging/judge.js';
import type { JudgeJob } from '../src/judging/judge-job.js';
import { FillClosed, TargetFilled, type FillWrite } from '#libs/contracts/src/filler.js';
import { AppSubmitted, AppWithdrawn, FillRequested } from '#libs/contracts/src/submission.js';
import { Lab } from '#libs/testing/src/lab.js';
import { until } from '#libs/testing/src/settle.js';
import { StandIn } from '#libs/testing/src/stand-in.js';

// Goal: from events and foreign bodies to verdicts, rows and events, whatever order the events come in and whatever is in the bodies.
// Method: the comparator alone, with real Postgres, NATS and judges; submission and filler are logs without a service. A second look
// is made due at once instead of waited for.
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

describe('the comparator', () => {
  let lab: Lab;
  let submission: StandIn;
  let filler: StandIn;
  let asking: Asking;
  let baseline: FakeApp;
  const apps: FakeApp[] = [];
  const students = new Map<string, Student>();

  const names = [
    'Faithful',
    'Lossy',
    'Soon',
    'Nul',
    'Endless',
    'Deadly',
    'Vandal',
    'Early',
    'Moved',
    'Refusing',
    'Beside',
    'Gone',
  ];
  const of = (name: string) => students.get(name)!;
  const settle = () => lab.settle({ services: ['submission', 'filler', 'comparator'], deadlineMs: 15_000 });
  const query = <Row extends object>(sql: string, parameters: unknown[] = []) =>
    lab.query<Row>('comparator', sql, parameters);
  const ask = <Reply>(name: string, data: object) => asking.ask<Reply>(name, data);
  const compare = (...some: string[]) => asking.begin(some.map((name) => of(name).appId));
  const ended = (batchId: string) => asking.ended(batchId);
  const detail = (comparisonId: string) => asking.detail(comparisonId);
  const newest = async (name: string) => {
    const [row] = await query<{ id: string }>(
      'select comparison_id as id from comparison where app_id = $1 order by requested_at desc limit 1',
      [of(name).appId],
    );
    return row && detail(row.id);
  };
  const said = (name: string, event: string) =>
    query<{ body: { verdict: string; sentence: string; lostAfterAck: number; endpoints: unknown[] } }>(
      `select body::jsonb as body from outbox where name = $2 and key = $1 order by position`,
      [of(name).appId, event],
    );

  beforeAll(async () => {
    baseline = await FakeApp.start();
    for (const name of names) {
      const app = await FakeApp.start();
      apps.push(app);
      students.set(name, { appId: randomUUID(), name, app, joinedAt: minutesAgo(60) });
    }
    lab = await Lab.start({
      host: ['comparator'],
      env: { EGRESS_ALLOW: [baseline, ...apps].map((app) => app.allow).join(','), COMPARE_INTERVAL_SECONDS: '86400' },
    });
    submission = await StandIn.start(lab, 'submission');
    filler = await StandIn.start(lab, 'filler');
    asking = await Asking.start(lab);
    await submission.say(AppSubmitted, ...[...students.values()].map((student) => submitted(student)));
    await settle();
  });
  afterAll(async () => {
    await asking?.stop();
    await submission?.stop();
    await filler?.stop();
    await lab?.stop();
    for (const app of [baseline, ...apps]) await app.stop();
  });

  const give = (writes: readonly FillWrite[], ...takers: FakeApp[]) => {
    for (const app of takers) for (const { payload } of writes) app.take(payload);
  };
  const appsOf = (...some: string[]) => some.map((name) => of(name).app);

  it('says that there is nothing to compare before the first fill, and blames nobody for it', async () => {
    const { batchId } = await compare('Early');
    expect((await ended(batchId)).comparisons).toMatchObject([
      { verdict: 'pending', sentence: expect.stringContaining('no fill has closed') },
    ]);
    expect(await said('Early', 'ParityComputed')).toMatchObject([{ body: { verdict: 'pending', endpoints: [] } }]);
  });

  it('judges the first fill as soon as it has closed, also when that is heard before its request', async () => {
    const writes = writesOf(12);
    const all = [...students.values()];
    give(
      writes,
      baseline,
      ...appsOf('Faithful', 'Soon', 'Endless', 'Deadly', 'Vandal', 'Early', 'Moved', 'Beside', 'Gone'),
    );
    give(writes.filter((_, i) => i % 4 !== 0), of('Lossy').app); // prettier-ignore
    for (const { payload } of writes)
      of('Nul').app.take(payload.kind === 'entry' ? { ...payload, text: `\0${payload.text}` } : payload);
    const refused = writes.map((write) => ({ ...write, outcome: 'refused' as const, answeredAt: null }));
    of('Soon').app.lists.entry.push({ id: 99, text: 'mine', created_at: 'soon' });
    of('Endless').app.answerWith('moods', {
      rows: Array.from({ length: 130_000 }, (_, id) => ({ id, note: 'x', created_at: minutesAgo(1) })),
    });
    of('Deadly').app.answerWith('values', { rows: [{ number: 'deadly' }] });
    of('Vandal').app.lists.entry.splice(0, 2);
    baseline.take({ kind: 'entry', text: `spoilt ${writes[6]!.marker}` });
    of('Beside').app.answerWith('moods', { rows: of('Beside').app.lists.mood.toReversed(), error: 'db down' });
    const pool = (lab.hosted.get('comparator') as unknown as { get(token: unknown): JudgePool }).get(JudgePool);
    const judge = pool.judge.bind(pool);
    pool.judge = (job: JudgeJob) => {
      const isDeadly = job.parts.some(({ app }) => app.ok && new TextDecoder().decode(app.body).includes('deadly'));
      return isDeadly ? Promise.reject(new JudgeLost('it ended the judge (SIGKILL)')) : judge(job);
    };
    await filler.say(
      TargetFilled,
      ...all.map((student) => filled(1, student, student.name === 'Refusing' ? refused : writes)),
    );
    await filler.say(FillClosed, closed(1, all.length));
    await settle();
    expect(await query('select 1 from comparison where state <> $1', ['done'])).toEqual([]);
    await submission.say(FillRequested, requested(1, baseline, all, minutesAgo(2)));
    const [batch] = await until(async () => {
      const rows = await query<{ id: string }>(`select batch_id as id from batch where trigger = 'first-fill'`);
      return rows.length > 0 && rows;
    });
    const verdicts = (await ended(batch!.id)).comparisons.map((one) => [one.appName, one.verdict]);
    expect(Object.fromEntries(verdicts)).toEqual({
      ...{
        Faithful: 'in-sync',
        Soon: 'in-sync',
        Early: 'in-sync',
        Moved: 'in-sync',
        Gone: 'in-sync',
        Refusing: 'pending',
      },
      ...{ Lossy: 'out-of-sync', Nul: 'out-of-sync', Vandal: 'out-of-sync', Beside: 'out-of-sync' },
      ...{ Endless: 'unreachable', Deadly: 'unreachable' },
    });
  });

  it('lists what wants attention first, and says so in one answer', async () => {
    const [{ id }] = (await query<{ id: string }>(`select batch_id as id from batch where trigger = 'first-fill'`)) as [
      { id: string },
    ];
    const batch = await ask<Batch>('GetBatch', { batchId: id });
    expect(batch).toMatchObject({ total: 12, done: 12, next: null });
    expect(batch.comparisons.map((one) => one.verdict).slice(0, 6)).toEqual([...Array(4).fill('out-of-sync'), ...Array(2).fill('unreachable')]); // prettier-ignore
    expect((await ask<Batch>('GetBatch', { batchId: id, skip: 10 })).comparisons).toHaveLength(2);
  });

  it('names the rows that were acknowledged and lost, and says it to the board', async () => {
    const lossy = (await newest('Lossy'))!;
    expect(lossy).toMatchObject({
      lostAfterAck: 3,
      acknowledged: 12,
      looks: 3,
      appUrl: of('Lossy').app.address,
      baselineUrl: baseline.address,
    });
    expect(lossy.causes).toMatchObject([
      { name: 'lost', rows: 3, sentence: '3 rows that the app acknowledged, in fill 1, are not there.' },
    ]);
    const events = await said('Lossy', 'ParityComputed');
    expect(events.map(({ body }) => [body.verdict, body.endpoints.length, body.lostAfterAck])).toEqual([['pending', 0, 0], ['out-of-sync', 4, 3]]); // prettier-ignore
  });

  it('stores and answers what no database would take as it came', async () => {
    const nul = (await newest('Nul'))!;
    expect(nul.endpoints.find((endpoint) => endpoint.label === 'Entries')).toMatchObject({
      changed: 4,
      verdict: 'out-of-sync',
    });
    expect(JSON.stringify(nul)).toContain('␀');
  });

  it('holds a lossy app to its losses although somebody spoils the baseline', async () => {
    expect(await newest('Vandal')).toMatchObject({ lostAfterAck: 2 });
  });

  it('says what an app answers that cannot be judged, and whose side that is', async () => {
    expect((await newest('Endless'))!.sentence).toContain('more than 20000 rows');
    expect((await newest('Deadly'))!.sentence).toContain('it ended the judge');
    expect((await newest('Beside'))!.sentence).toContain('differs beside its rows, at /api/moods/all');
    const entries = (await newest('Soon'))!.endpoints.find((endpoint) => endpoint.label === 'Stats')!;
    expect(entries).toMatchObject({ verdict: 'in-sync', note: expect.stringContaining('no time that can be read') });
    expect((await newest('Refusing'))!.sentence).toContain('has acknowledged no write');
  });

  it('lets an app that is being compared join its comparison, whoever asks', async () => {
    const [one, two] = await Promise.all([compare('Lossy'), compare('Lossy', 'Faithful')]);
    const ids = [one, two].map(
      ({ comparisons }) => comparisons.find(({ appId }) => appId === of('Lossy').appId)!.comparisonId,
    );
    expect(new Set(ids).size).toBe(1);
    await Promise.all([ended(one.batchId), ended(two.batchId)]);
    expect(await query(`select 1 from comparison where comparison_id = $1`, [ids[0]])).toHaveLength(1);
  });

  it('holds nobody to what was written to its old address while it moved', async () => {
    const moved = of('Moved');
    const writes = writesOf(6, minutesAgo(-1));
    give(writes, baseline, of('Faithful').app);
    await submission.say(FillRequested, requested(2, baseline, [moved, of('Faithful')], minutesAgo(1)));
    await submission.say(AppSubmitted, submitted(moved, `${moved.app.address}/`.replace(/\/$/, '/moved')));
    await submission.say(AppSubmitted, submitted(moved));
    await filler.say(TargetFilled, filled(2, moved, writes), filled(2, of('Faithful'), writes));
    await filler.say(FillClosed, closed(2, 2));
    await settle();
    const { batchId } = await compare('Moved', 'Faithful');
    const batch = await ended(batchId);
    expect(batch.comparisons.map((one) => [one.appName, one.verdict, one.sentence.match(/\d+/)?.[0]])).toEqual([
      ['Faithful', 'in-sync', '18'],
      ['Moved', 'in-sync', '12'],
    ]);
  });

  it('holds an app that refuses everything since to what it has acknowledged before', async () => {
    const early = of('Early');
    early.app.lists.entry.splice(0, 2);
    const refused = Array.from({ length: 25 }, () =>
      writesOf(60).map((write) => ({ ...write, outcome: 'refused' as const })),
    );
    await submission.say(FillRequested, requested(3, baseline, [early], minutesAgo(0)));
    await filler.say(TargetFilled, ...refused.map((writes) => filled(3, early, writes)));
    await filler.say(FillClosed, closed(3, 1));
    await settle();
    await ended((await compare('Early')).batchId);
    expect(await newest('Early')).toMatchObject({ verdict: 'out-of-sync', lostAfterAck: 2, acknowledged: 12 });
  });

  it('compares nobody who has left', async () => {
    await submission.say(AppWithdrawn, { appId: of('Gone').appId, by: 'owner', at: new Date().toISOString() });
    await settle();
    await expect(compare('Gone')).rejects.toThrow('No app takes part with the id');
  });

  it('answers a comparison of the largest rows that it keeps, and an older one without its rows', async () => {
    const lossy = of('Lossy');
    const writes = Array.from({ length: 14 }, () => writesOf(60)).flat();
    give(writes, baseline);
    for (const { payload } of writes)
      lossy.app.take(payload.kind === 'entry' ? { ...payload, text: `${payload.text} ${'ü'.repeat(5_000)}` } : payload);
    await submission.say(FillRequested, requested(4, baseline, [lossy], minutesAgo(0)));
    const parts = Array.from({ length: 14 }, (_, i) => filled(4, lossy, writes.slice(60 * i, 60 * i + 60)));
    await filler.say(TargetFilled, ...parts);
    await filler.say(FillClosed, closed(4, 1));
    await settle();
    const { comparisons, batchId } = await compare('Lossy');
    await ended(batchId);
    const whole = await detail(comparisons[0]!.comparisonId);
    expect(whole.endpoints.find((endpoint) => endpoint.label === 'Entries')!).toMatchObject({
      changed: 200,
      differencesTotal: 200,
    });
    expect(whole.endpoints[1]!.differences.length).toBeGreaterThan(5);
    await query(`update comparison set requested_at = requested_at - interval '31 days' where app_id = $1`, [
      of('Faithful').appId,
    ]);
    await query(`update work set due_at = clock_timestamp() where kind = 'retention'`);
    await until(
      async () => (await query('select 1 from comparison where app_id = $1', [of('Faithful').appId])).length === 0,
    );
    expect(await query('select 1 from comparison where app_id = $1', [lossy.appId])).not.toEqual([]);
  });

  it('ends with nothing held back and nothing left to do', async () => {
    expect(await query('select 1 from held')).toEqual([]);
    expect(await query(`select 1 from comparison where state <> 'done'`)).toEqual([]);
  });
});
