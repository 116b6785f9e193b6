import { randomUUID } from 'node:crypto';
import { Asking } from './asking.js';
import { FakeApp } from './fake-app.js';
import { closed, filled, requested, submitted, writesOf, type Student } from './lab-world.js';
import type { ComparisonDetail } from '#libs/contracts/src/comparator.js';
import { FillClosed, TargetFilled, type WritePayload } from '#libs/contracts/src/filler.js';
import type { DraftRule, RulesPreview, RulesView } from '#libs/contracts/src/rules.js';
import { AppSubmitted, FillRequested } from '#libs/contracts/src/submission.js';
import { Lab } from '#libs/testing/src/lab.js';
import { until } from '#libs/testing/src/settle.js';
import { StandIn } from '#libs/testing/src/stand-in.js';

// Goal: rules are data with versions; a draft is judged on what is kept before anybody publishes it; a comparison says its version.
// Method: the comparator alone, two apps: one as the baseline, one whose entries carry a field of their own. Looks are made due at once.
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const entries = '/api/journal/entries/all';

describe('the rules of the comparator', () => {
  let lab: Lab;
  let submission: StandIn;
  let filler: StandIn;
  let asking: Asking;
  let baseline: FakeApp;
  const students: Student[] = [];
  const [faithful, marked] = ['Faithful', 'Marked'] as const;
  const of = (name: string) => students.find((student) => student.name === name)!;
  const query = <Row extends object>(sql: string, parameters: unknown[] = []) =>
    lab.query<Row>('comparator', sql, parameters);
  const ask = <Reply>(name: string, data: object) => asking.ask<Reply>(name, data);
  const rules = (version?: number) => ask<RulesView>('GetRules', version === undefined ? {} : { version });
  const publish = (basedOn: number, draft: readonly DraftRule[], by = 'ada') =>
    ask<{ version: number }>('PublishRules', { by, basedOn, reason: 'They asked for it.', rules: draft });
  /** All pages of it, as one. */
  const preview = async (draft: readonly DraftRule[]) => {
    const pages: RulesPreview[] = [];
    for (let after: string | null | undefined; after !== null; after = pages.at(-1)!.next)
      pages.push(await ask<RulesPreview>('PreviewRules', { rules: draft, ...(after ? { after } : {}) }));
    const apps = pages.flatMap((page) => page.apps);
    const change = (name: string) => {
      const { before, after } = apps.find(({ appName }) => appName === name)!;
      return [before.verdict, after.verdict, before.rowsDifferent, after.rowsDifferent];
    };
    const onBoard = (name: string) => apps.find(({ appName }) => appName === name)!.onBoard;
    return { pages, change, onBoard, hits: pages.flatMap((page) => page.ruleHits) };
  };
  const compare = async (name: string) => (await asking.compare([of(name).appId]))[0]!;
  const ofEntries = (comparison: ComparisonDetail) => comparison.endpoints.find(({ path }) => path === entries)!;
  const ownMark: DraftRule = {
    ...{ endpoint: entries, name: 'own mark', path: '/rows/*/mark', mode: 'ignore', reason: 'Where it was written.' },
    ...{ epsilon: null, withinMs: null, key: null, expiresAt: null },
  };

  beforeAll(async () => {
    baseline = await FakeApp.start();
    for (const name of [faithful, marked])
      students.push({ appId: randomUUID(), name, app: await FakeApp.start(), joinedAt: minutesAgo(60) });
    lab = await Lab.start({
      host: ['comparator'],
      env: {
        EGRESS_ALLOW: [baseline, ...students.map(({ app }) => app)].map((app) => app.allow).join(','),
        COMPARE_INTERVAL_SECONDS: '86400',
      },
    });
    submission = await StandIn.start(lab, 'submission');
    filler = await StandIn.start(lab, 'filler');
    asking = await Asking.start(lab);
    const writes = writesOf(12);
    baseline.take({ kind: 'entry', text: 'was there before: ids are shifted' });
    for (const { payload } of writes) {
      baseline.take(payload, minutesAgo(2));
      of(faithful).app.take(payload);
      of(marked).app.take(payload.kind === 'entry' ? ({ ...payload, mark: 'mine' } as WritePayload) : payload);
    }
    await submission.say(AppSubmitted, ...students.map((student) => submitted(student)));
    await submission.say(FillRequested, requested(1, baseline, students, minutesAgo(2)));
    await filler.say(TargetFilled, ...students.map((student) => filled(1, student, writes)));
    await filler.say(FillClosed, closed(1, 2));
    await lab.settle({ services: ['submission', 'filler', 'comparator'], deadlineMs: 15_000 });
  });
  afterAll(async () => {
    await asking?.stop();
    await submission?.stop();
    await filler?.stop();
    await lab?.stop();
    for (const app of [baseline, ...students.map((student) => student.app)]) await app?.stop();
  });

  it('begin with version 1, by which a comparison is judged, counts and says so', async () => {
    const app = await compare(faithful);
    expect(app).toMatchObject({ verdict: 'in-sync', rulesVersion: 1 });
    expect(ofEntries(app)).toMatchObject({ matched: 4, explained: 4 });
    const one = await compare(marked);
    expect(one).toMatchObject({ verdict: 'out-of-sync', rulesVersion: 1 });
    const { current, shown, rules: shownRules } = await rules();
    expect([current, shown.author, shown.rules]).toEqual([1, 'lockstep', 13]);
    const ownId = shownRules.find(({ endpoint, name }) => endpoint === entries && name === 'own id');
    expect(ownId).toMatchObject({ path: '/rows/*/id', source: 'typed', isExpired: false });
    expect(ownId!.hits).toBe(ofEntries(app).rules[0]!.hits + ofEntries(one).rules[0]!.hits);
    expect(ownId!.hits).toBeGreaterThan(0);
  });

  it('are tested before they are published, on what was read last: who would move, and what would be hidden', async () => {
    const before = (await rules()).rules;
    const more = await preview([...before, ownMark]);
    expect([more.change(marked), more.change(faithful)]).toEqual([
      ['out-of-sync', 'in-sync', 4, 0],
      ['in-sync', 'in-sync', 0, 0],
    ]);
    expect(more.hits).toContainEqual({ endpoint: entries, name: 'own mark', hits: 4 });
    // What the board would go by: of who is moved, and of nobody else.
    expect(more.onBoard(faithful)).toBeUndefined();
    expect(more.onBoard(marked)).toMatchObject({ appId: of(marked).appId, verdict: 'in-sync' });
    expect(more.onBoard(marked)!.endpoints).toContainEqual({ path: entries, verdict: 'in-sync', missing: 0 });
    const none = await preview([]);
    expect(none.change(faithful)).toEqual(['in-sync', 'out-of-sync', 0, 8]);
    expect(none.pages[0]).toMatchObject({ basedOn: 1, untested: [] });
    expect((await rules()).current).toBe(1);
  });

  it('are published once: who began with an older version is told of the newer one', async () => {
    const { rules: before } = await rules();
    const both = await Promise.allSettled([publish(1, [...before, ownMark]), publish(1, [...before, ownMark], 'bob')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await expect(publish(1, before)).rejects.toThrow(/rules-outdated: Version 2 was published meanwhile by (ada|bob): They asked/); // prettier-ignore
    await expect(publish(2, [{ ...ownMark, path: 'mark' }])).rejects.toThrow('"mark" is not a JSON pointer');
    const { versions, rules: now } = await rules();
    expect(versions.map(({ version }) => version)).toEqual([2, 1]);
    expect(now.map(({ author }) => author)).toEqual([...before.map(() => 'lockstep'), versions[0]!.author]);
  });

  it('judge the next comparison by the newest version; an ignored difference is counted', async () => {
    const app = await compare(marked);
    expect(app).toMatchObject({ verdict: 'in-sync', rulesVersion: 2 });
    expect(ofEntries(app)).toMatchObject({ matched: 4, explained: 4, changed: 0 });
    expect(ofEntries(app).rules).toContainEqual({ name: 'own mark', reason: 'Where it was written.', hits: 4 });
  });

  it('no longer apply when they have expired, and older versions stay to be read', async () => {
    const { rules: before } = await rules();
    await publish(2, before.map((rule) => (rule.name === 'own mark' ? { ...rule, expiresAt: minutesAgo(1) } : rule))); // prettier-ignore
    expect((await compare(marked)).verdict).toBe('out-of-sync');
    expect((await rules()).rules.at(-1)).toMatchObject({ name: 'own mark', isExpired: true, hits: 0 });
    expect((await rules(2)).rules.at(-1)).toMatchObject({ name: 'own mark', isExpired: false });
    await expect(rules(9)).rejects.toThrow('There is no version 9');
  });

  it('keeps what the last three comparisons read, differences a week, and nothing that is older', async () => {
    for (let i = 0; i < 3; i++) await compare(faithful);
    const keptOf = async (name: string) =>
      (await query('select 1 from evidence where app_id = $1', [of(name).appId])).length;
    expect([await keptOf(faithful), await keptOf(marked)]).toEqual([3, 3]);
    await query(`update evidence set is_different = true, kept_at = kept_at - interval '6 days' where app_id = $1`, [
      of(faithful).appId,
    ]);
    for (let i = 0; i < 3; i++) await compare(faithful);
    expect(await keptOf(faithful)).toBe(6);
    await query(`update evidence set kept_at = kept_at - interval '2 days' where app_id = $1`, [of(faithful).appId]);
    await query(`update work set due_at = clock_timestamp() where kind = 'evidence-retention'`);
    await until(async () => (await keptOf(faithful)) === 3);
  });
});
