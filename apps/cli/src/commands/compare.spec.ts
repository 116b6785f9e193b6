import { codeOf, wholeBatch, type Batch } from './compare.js';
import { codeOf as codeOfFill } from './fill.js';
import type { ComparisonSummary } from '#libs/contracts/src/comparator.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

const comparison = (verdict: Verdict, index = 0) => ({ comparisonId: String(index), verdict }) as ComparisonSummary;
const batch = (verdicts: readonly Verdict[], total = verdicts.length, done = total) => ({
  comparisons: verdicts.map(comparison),
  total,
  done,
});

describe('the exit code of a comparison', () => {
  it.each<[string, number, Parameters<typeof codeOf>[0]]>([
    ['all in sync', 0, batch(['in-sync', 'in-sync'])],
    ['one out of sync, whatever else', 1, batch(['in-sync', 'unknown', 'out-of-sync'])],
    ['one unreachable', 2, batch(['in-sync', 'unreachable'])],
    ['one unknown', 2, batch(['unknown'])],
    ['one that has nothing to be judged by', 2, batch(['in-sync', 'pending'])],
    ['one not done', 2, batch(['in-sync', 'in-sync'], 2, 1)],
    ['one out of sync and one not done', 1, batch(['out-of-sync', 'pending'], 2, 1)],
    ['some that were not seen', 2, batch(['in-sync'], 501)],
    ['no app at all', 0, batch([])],
  ])('%s: %i', (_what, code, seen) => {
    expect(codeOf(seen)).toBe(code);
  });

  it('looks at every page of a batch: the last of six hundred counts', async () => {
    const all = Array.from({ length: 600 }, (_, index) => comparison(index === 599 ? 'out-of-sync' : 'in-sync', index));
    const page = async (skip: number): Promise<Batch> => ({
      ...{ batchId: 'b', by: 'staff', requestedAt: '2026-11-26T10:00:00.000Z', total: 600, done: 600 },
      comparisons: all.slice(skip, skip + 250),
      next: skip + 250 < 600 ? skip + 250 : null,
    });
    const whole = await wholeBatch(page);
    expect([whole.comparisons.length, codeOf(whole)]).toEqual([600, 1]);
  });
});

describe('the exit code of a fill', () => {
  const part = (state: string) => ({ state }) as never;
  it.each([
    ['every app filled', 0, { closedAt: 'now', parts: [part('filled'), part('filled')] }],
    ['one given up', 1, { closedAt: 'now', parts: [part('filled'), part('given-up')] }],
    ['still open', 2, { closedAt: null, parts: [part('filled')] }],
  ])('%s: %i', (_what, code, fill) => {
    expect(codeOfFill(fill)).toBe(code);
  });
});
