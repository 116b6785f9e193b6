import { SharedReads } from './shared-reads.js';

// Goal: a crowd of looks costs the baseline few requests, and none of them is shown an answer from before it looked.
function sharing() {
  const reads = new SharedReads<number>();
  let sent = 0;
  const ask = (question = '/rows') => reads.ask(question, () => Promise.resolve((sent += 1)));
  return { ask, sent: () => sent };
}

describe('reads of the same', () => {
  it('are sent at once, and once for all who ask before the next one leaves', async () => {
    const { ask, sent } = sharing();
    const crowd = [ask(), ...Array.from({ length: 50 }, () => ask())];
    expect(sent()).toBe(1);
    expect(await Promise.all(crowd)).toEqual([1, ...Array.from({ length: 50 }, () => 2)]);
  });

  it('are never answered by what was sent before they were asked for', async () => {
    const { ask, sent } = sharing();
    for (let n = 0; n < 5; n += 1) {
      const before = sent();
      expect(await ask()).toBeGreaterThan(before);
    }
  });

  it('are shared among those who ask the same only', async () => {
    const { ask } = sharing();
    expect(await Promise.all([ask('/moods'), ask('/entries'), ask('/moods'), ask('/entries')])).toEqual([1, 2, 3, 4]);
  });

  it('fail for those who share them, and not for who asks later', async () => {
    const reads = new SharedReads<string>();
    await reads.ask('/rows', () => Promise.resolve('first'));
    const failing = () => Promise.reject<string>(new Error('away'));
    const both = await Promise.allSettled([reads.ask('/rows', failing), reads.ask('/rows', failing)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await reads.ask('/rows', () => Promise.resolve('later'))).toBe('later');
  });
});
