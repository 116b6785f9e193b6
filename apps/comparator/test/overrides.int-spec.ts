import { ComparatorLab } from './comparator-lab.js';
import { writesOf } from './lab-world.js';
import type { ComparisonDetail, ComparisonSummary } from '#libs/contracts/src/comparator.js';
import type { DataOf, ReplyOf } from '#libs/contracts/src/contract.js';
import type { OverrideVerdict, VerdictOverridden } from '#libs/contracts/src/overrides.js';
import type { ListUnknown } from '#libs/contracts/src/unknown.js';

// Goal: staff's word on a verdict is kept and said, for that comparison only; what nobody could judge is listed with whose side failed.
// Method: the comparator alone with a lossy and a faithful app; then the baseline answers 503.
describe('verdicts that staff look after', () => {
  let lab: ComparatorLab;
  let first: ComparisonDetail;

  beforeAll(async () => {
    lab = await ComparatorLab.start(['Lossy', 'Faithful']);
    await lab.join('Lossy');
    await lab.join('Faithful');
    const writes = writesOf(6);
    const takers = [{ name: 'Lossy', writes, keeps: writes.slice(1) }, { name: 'Faithful', writes }]; // prettier-ignore
    await lab.fill(1, writes, takers);
  });
  afterAll(() => lab?.stop());

  const compare = async (name: string) => (await lab.compare([name]))[0]!;
  const override = (comparisonId: string, verdict: DataOf<typeof OverrideVerdict>['verdict'], reason = 'Seen.') =>
    lab.ask<ReplyOf<typeof OverrideVerdict>>('OverrideVerdict', { comparisonId, by: 'teacher', verdict, reason });
  const detail = (comparisonId: string) =>
    lab.ask<{ comparison: ComparisonSummary & { overrides: unknown[] } }>('GetComparison', { comparisonId });
  const said = () =>
    lab.query<{ body: DataOf<typeof VerdictOverridden> }>(
      `select body::jsonb as body from outbox where name = 'VerdictOverridden' order by position`,
    );
  const unknown = (wanted: object = {}) => lab.ask<ReplyOf<typeof ListUnknown>>('ListUnknown', wanted);

  it('are overruled for one comparison, and what it said itself is never lost', async () => {
    first = await compare('Lossy');
    expect(first).toMatchObject({ verdict: 'out-of-sync', overrides: [] });
    expect(first).not.toHaveProperty('override');
    const { comparisonId, sentence } = first;
    const machine = { verdict: 'out-of-sync', sentence };
    const done = await override(comparisonId, 'in-sync', ' The lab’s proxy dropped it. ');
    const given = { verdict: 'in-sync', reason: 'The lab’s proxy dropped it.', by: 'teacher' };
    expect(done).toMatchObject({ verdict: 'in-sync', override: { ...given, machine } });
    const { comparison } = await detail(comparisonId);
    expect(comparison).toMatchObject({
      ...{ verdict: 'in-sync', sentence: done.sentence, override: { ...given, machine }, overrides: [given] },
    });
    const listed = await lab.ask<{ comparisons: ComparisonSummary[] }>('ListComparisons', {
      appId: first.appId,
      limit: 1,
    });
    expect(listed.comparisons).toMatchObject([{ comparisonId, verdict: 'in-sync', override: { machine } }]);
    const [kept] = await lab.query('select verdict, sentence from comparison where comparison_id = $1', [comparisonId]);
    expect(kept).toEqual(machine);
    await override(comparisonId, null, 'It was the app after all.');
    const back = (await detail(comparisonId)).comparison;
    expect(back).toMatchObject({ ...machine, overrides: [{ verdict: null, by: 'teacher' }, given] });
    expect(back).not.toHaveProperty('override');
    const paths = first.endpoints.map(({ path }) => path);
    expect((await said()).map(({ body }) => body)).toMatchObject([
      { ...given, comparisonId, sentence: done.sentence, machine, paths },
      { verdict: null, comparisonId, sentence, machine, reason: 'It was the app after all.' },
    ]);
  });

  it('speak for themselves in the next comparison; the older one stays as staff left it, and is theirs no more', async () => {
    await override(first.comparisonId, 'unknown');
    const next = await compare('Lossy');
    expect(next).toMatchObject({ verdict: 'out-of-sync', overrides: [] });
    expect((await detail(first.comparisonId)).comparison.verdict).toBe('unknown');
    for (const verdict of ['in-sync', null] as const)
      await expect(override(first.comparisonId, verdict)).rejects.toThrow('conflict: A newer comparison');
    await expect(override(next.comparisonId, 'out-of-sync')).rejects.toThrow('conflict: The comparison says so itself');
    await expect(override(next.comparisonId, null)).rejects.toThrow('conflict: Staff have not overruled');
    await expect(override(next.comparisonId, 'in-sync', ' ')).rejects.toThrow('validation');
    await expect(override('0199b2a0-0000-7000-8000-000000000001', 'in-sync')).rejects.toThrow('not-found');
    expect(await said()).toHaveLength(3);
  });

  it('are listed where nobody could judge: whose side, the newest of each app, and all of the last days', async () => {
    // Staff said so of an older one above.
    expect(await unknown()).toEqual({ comparisons: [], total: 0, next: null });
    expect((await unknown({ only: 'all' })).comparisons).toMatchObject([
      { appName: 'Lossy', side: null, isNewest: false },
    ]);
    lab.baseline.instead.set('', (_request, response) => void response.writeHead(503).end());
    const [lossy, faithful] = await lab.compare(['Lossy', 'Faithful']);
    expect([lossy!.verdict, faithful!.verdict]).toEqual(['unknown', 'unknown']);
    const now = await unknown();
    expect(now).toMatchObject({ total: 2, next: null });
    expect(now.comparisons.map((one) => [one.appName, one.side, one.isNewest]).toSorted()).toEqual([['Faithful', 'baseline', true], ['Lossy', 'baseline', true]]); // prettier-ignore
    expect((await unknown({ only: 'all', skip: 1 })).comparisons).toHaveLength(2);
    await override(faithful!.comparisonId, 'in-sync');
    expect((await unknown()).comparisons.map((one) => one.appName)).toEqual(['Lossy']);
    await lab.query(`update comparison set computed_at = computed_at - interval '8 days' where comparison_id = $1`, [
      lossy!.comparisonId,
    ]);
    expect((await unknown({ only: 'all' })).total).toBe(1);
    expect((await unknown({ only: 'all', days: 9 })).total).toBe(2);
    lab.baseline.instead.clear();
    await compare('Lossy');
    expect((await unknown()).total).toBe(0);
  });
});
