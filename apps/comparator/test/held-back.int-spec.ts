import { ComparatorLab } from './comparator-lab.js';
import { writesOf } from './lab-world.js';
import type { CompareApps, ComparisonDetail, ComparisonSummary, GetBatch } from '#libs/contracts/src/comparator.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';
import type { ListHeldBack, ListUnsaid, PublishBatch } from '#libs/contracts/src/held-back.js';
import { until } from '#libs/testing/src/settle.js';

// Goal: what a batch finds that is held back is said to nobody and changes nothing until it is published, and never if it is not.
// Method: the comparator alone with one app, whose rows are lost after it was judged; looks are made due at once.
describe('a batch that is held back', () => {
  let lab: ComparatorLab;
  let appId: string;
  const writes = writesOf(6);

  beforeAll(async () => {
    lab = await ComparatorLab.start(['Ada']);
    await lab.join('Ada');
    await lab.fill(1, writes, [{ name: 'Ada', writes }]);
    appId = (await lab.compare(['Ada']))[0]!.appId;
    lab.app('Ada').lists.entry.splice(0, 1);
  });
  afterAll(() => lab?.stop());

  const hold = () => lab.ask<ReplyOf<typeof CompareApps>>('CompareApps', { apps: [appId], by: 'teacher', hold: true });
  const batchOf = (batchId: string) => lab.ask<ReplyOf<typeof GetBatch>>('GetBatch', { batchId });
  const states = async () =>
    (await lab.ask<ReplyOf<typeof ListHeldBack>>('ListHeldBack', {})).batches.map(({ state, total }) => [state, total]);
  const end = (how: 'PublishBatch' | 'DiscardBatch', batchId: string) =>
    lab.ask<ReplyOf<typeof PublishBatch>>(how, { batchId, by: 'teacher' });
  const unsaid = (batchId: string) => lab.ask<ReplyOf<typeof ListUnsaid>>('ListUnsaid', { batchId });
  const detail = (comparisonId: string) =>
    lab.ask<{ comparison: ComparisonDetail }>('GetComparison', { comparisonId }).then(({ comparison }) => comparison);
  /** Everything that others hear, and what is told of this app. */
  const told = async () => ({
    said: await lab.query(`select name, body from outbox order by position`),
    listed: (await lab.ask<{ comparisons: ComparisonSummary[] }>('ListComparisons', {})).comparisons,
    sightings: await lab.sightings('Ada'),
  });

  it('says nothing and changes nothing until it is published, and does not join or hold up what is compared beside it', async () => {
    const before = await told();
    const { batchId, comparisons } = await hold();
    const { comparisonId } = comparisons[0]!;
    await expect(hold()).rejects.toThrow('conflict: Another batch is held back');
    await expect(end('PublishBatch', batchId)).rejects.toThrow('still under way');
    await lab.ended(batchId);
    const held = await batchOf(batchId);
    expect(held).toMatchObject({
      heldBack: { state: 'open', endedAt: null },
      comparisons: [{ verdict: 'out-of-sync' }],
    });
    const openMs = Date.parse(held.heldBack!.expiresAt) - Date.parse(held.requestedAt);
    expect(openMs).toBe(24 * 3_600_000);
    expect(await detail(comparisonId)).toMatchObject({ isHeldBack: true, lostAfterAck: 1 });
    expect(await told()).toEqual(before);
    await expect(lab.ask('OverrideVerdict', { comparisonId, by: 'a', verdict: 'in-sync', reason: 'x' })).rejects.toThrow('held back'); // prettier-ignore
    const { computedAt } = await detail(comparisonId);
    const { verdicts, next } = await unsaid(batchId);
    expect([verdicts, next]).toEqual([[expect.objectContaining({ appId, verdict: 'out-of-sync', computedAt })], null]);
    expect(verdicts[0]!.endpoints.reduce((sum, { missing }) => sum + missing, 0)).toBe(1);
    expect(await end('PublishBatch', batchId)).toEqual({ batchId, said: 1 });
    const after = await told();
    expect(after.listed.map((one) => one.comparisonId)).toContain(comparisonId);
    expect(await detail(comparisonId)).not.toHaveProperty('isHeldBack');
    const [event] = await lab.query(
      `select name, key, body::jsonb ->> 'verdict' as verdict, body::jsonb ->> 'computedAt' as at from outbox order by position desc limit 1`,
    );
    expect(event).toEqual({ name: 'ParityComputed', key: appId, verdict: 'out-of-sync', at: computedAt });
    expect(after.said).toHaveLength(before.said.length + 1);
    await expect(end('DiscardBatch', batchId)).rejects.toThrow('It was published by teacher');
    await expect(unsaid(batchId)).rejects.toThrow('It was published by teacher');
  });

  it('is never said when it is discarded, also while it is under way, nor when it is forgotten', async () => {
    const before = await told();
    const first = await hold();
    const beside = await lab.ask<ReplyOf<typeof CompareApps>>('CompareApps', { apps: [appId] });
    expect(beside.comparisons[0]!.comparisonId).not.toBe(first.comparisons[0]!.comparisonId);
    await end('DiscardBatch', first.batchId);
    await lab.ended(beside.batchId);
    const judged = await told();
    expect(judged.said.length).toBe(before.said.length + 2); // a second look and the verdict, of the one beside it
    const second = await hold();
    await lab.ended(second.batchId);
    await lab.query(`update batch set expires_at = now() - interval '1 second' where batch_id = $1`, [second.batchId]);
    await lab.query(`update work set due_at = clock_timestamp() where kind = 'held-back'`);
    await until(async () => (await states())[0]![0] === 'expired');
    await expect(end('PublishBatch', second.batchId)).rejects.toThrow('nobody had published it in time');
    expect(await states()).toEqual([['expired', 0], ['discarded', 0], ['published', 1]]); // prettier-ignore
    expect(await told()).toEqual(judged);
    expect(await lab.query('select 1 from comparison where not is_public')).toEqual([]);
  });
});
