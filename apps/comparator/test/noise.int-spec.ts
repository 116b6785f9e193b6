import { randomUUID } from 'node:crypto';
import { Asking } from './asking.js';
import { FakeApp } from './fake-app.js';
import { closed, filled, requested, submitted, writesOf, type Student } from './lab-world.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';
import { FillClosed, TargetFilled } from '#libs/contracts/src/filler.js';
import type { PublishRules, RulesPreview, RulesView } from '#libs/contracts/src/rules.js';
import { AppSubmitted, FillRequested } from '#libs/contracts/src/submission.js';
import { Lab } from '#libs/testing/src/lab.js';
import { StandIn } from '#libs/testing/src/stand-in.js';

// Goal: with all typed rules removed, what two equal baselines differ in is learnt and blames nobody; baselines that diverge judge nobody.
// Method: the comparator alone, a second baseline in the fills, and two apps. Looks are made due at once.
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const entries = '/api/journal/entries/all';

describe('noise', () => {
  let lab: Lab;
  let submission: StandIn;
  let filler: StandIn;
  let asking: Asking;
  let baseline: FakeApp;
  let shadow: FakeApp;
  const students: Student[] = [];
  const of = (name: string) => students.find((student) => student.name === name)!;
  const query = <Row extends object>(sql: string) => lab.query<Row>('comparator', sql, []);
  const ask = <Reply>(name: string, data: object) => asking.ask<Reply>(name, data);
  const compare = async (name: string) => (await asking.compare([of(name).appId]))[0]!;
  const measured = async () => (await ask<RulesView>('GetRules', {})).measured;

  beforeAll(async () => {
    [baseline, shadow] = await Promise.all([FakeApp.start(), FakeApp.start()]);
    for (const name of ['Faithful', 'Lossy'])
      students.push({ appId: randomUUID(), name, app: await FakeApp.start(), joinedAt: minutesAgo(60) });
    const all = [baseline, shadow, ...students.map(({ app }) => app)];
    lab = await Lab.start({
      host: ['comparator'],
      env: { EGRESS_ALLOW: all.map((app) => app.allow).join(','), COMPARE_INTERVAL_SECONDS: '86400' },
    });
    submission = await StandIn.start(lab, 'submission');
    filler = await StandIn.start(lab, 'filler');
    asking = await Asking.start(lab);
    const draft = { by: 'ada', basedOn: 1, reason: 'What is noise can be measured.', rules: [] };
    await ask<ReplyOf<typeof PublishRules>>('PublishRules', draft);
  });
  afterAll(async () => {
    await asking?.stop();
    await submission?.stop();
    await filler?.stop();
    await lab?.stop();
    for (const app of [baseline, shadow, ...students.map((student) => student.app)]) await app?.stop();
  });

  it('of ids and times is learnt although no rule is left, before anybody is blamed for it', async () => {
    const writes = writesOf(12);
    for (const [before, app] of [baseline, shadow, of('Faithful').app, of('Lossy').app].entries()) {
      for (let i = 0; i < before; i++) app.take({ kind: 'mood', mood: 'calm', note: 'ids are shifted' });
      const isLossy = app === of('Lossy').app;
      for (const { payload } of isLossy ? writes.slice(3) : writes) app.take(payload, minutesAgo(4 - before));
    }
    const request = requested(1, baseline, students, minutesAgo(6));
    const [first, ...others] = request.targets;
    const second = { targetId: randomUUID(), role: 'shadow' as const, name: 'second baseline', url: shadow.address };
    const targets = [first!, second].map(({ targetId, role, name }) => ({
      ...filled(1, { appId: targetId, name, app: baseline, joinedAt: '' }, writes),
      role,
    }));
    await submission.say(AppSubmitted, ...students.map((student) => submitted(student)));
    await submission.say(FillRequested, { ...request, targets: [first!, second, ...others] });
    await filler.say(TargetFilled, ...targets, ...students.map((student) => filled(1, student, writes)));
    await filler.say(FillClosed, closed(1, 4));
    await lab.settle({ services: ['submission', 'filler', 'comparator'], deadlineMs: 15_000 });
    for (let i = 0; i < 3; i++)
      expect(await compare('Faithful')).toMatchObject({ verdict: 'in-sync', rulesVersion: 2 });
    const paths = (await measured()).map(({ endpoint, path }) => `${endpoint}${path}`).toSorted();
    expect(paths).toEqual([`${entries}/rows/*/created_at`, `${entries}/rows/*/id`, '/api/moods/all/rows/*/created_at', '/api/moods/all/rows/*/id']); // prettier-ignore
    for (const { differed, compared, isInForce } of await measured()) {
      expect([differed, isInForce]).toEqual([compared, true]);
      expect(compared).toBeGreaterThanOrEqual(12);
    }
  });

  it('hides no loss; what it hides is counted', async () => {
    const lossy = await compare('Lossy');
    expect(lossy).toMatchObject({ verdict: 'out-of-sync', lostAfterAck: 3 });
    expect(lossy.endpoints.find(({ path }) => path === entries)).toMatchObject({
      missing: 1,
      changed: 0,
      explained: 3,
      rules: expect.arrayContaining([
        { name: 'measured: /rows/*/id', reason: 'Two equal baselines differ in it.', hits: 3 },
      ]),
    });
  });

  it('counts in the preview of a draft as it does in a comparison', async () => {
    const { apps } = await ask<RulesPreview>('PreviewRules', { rules: [] });
    const after = Object.fromEntries(apps.map((app) => [app.appName, app.after.verdict]));
    expect(after).toEqual({ Faithful: 'in-sync', Lossy: 'out-of-sync' });
  });

  it('that was measured lately stays known while the second baseline is away', async () => {
    shadow.instead.set('/', (_request, response) => void response.writeHead(503).end());
    expect((await compare('Faithful')).verdict).toBe('in-sync');
    shadow.instead.clear();
  });

  it('is not what makes two baselines diverge: then nobody is judged, and the sentence says why', async () => {
    const [lost] = shadow.lists.entry.splice(0, 1);
    const unknown = await compare('Lossy');
    expect(unknown.verdict).toBe('unknown');
    expect(unknown.sentence).toBe(
      'Unknown, the baseline’s side: The baseline and its shadow have diverged: 1 row that both have acknowledged is in one of them only. It costs the app nothing.',
    );
    shadow.lists.entry.unshift(lost!);
    expect((await compare('Faithful')).verdict).toBe('in-sync');
  });

  it('is forgotten a day after it was seen last', async () => {
    await query(`update measured_rule set last_seen_at = last_seen_at - interval '25 hours'`);
    expect((await measured()).map(({ isInForce }) => isInForce)).toEqual([false, false, false, false]);
    shadow.instead.set('/', (_request, response) => void response.writeHead(503).end());
    expect((await compare('Faithful')).verdict).toBe('out-of-sync');
    shadow.instead.clear();
  });
});
