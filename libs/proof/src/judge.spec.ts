import fc from 'fast-check';
import { judge } from './judge.js';
import { planFor } from './plan.js';
import { probesOf, steady, windowOf, type SimulatedApp } from '../test/simulated-app.js';
import { stripOf } from './strip.js';

const plan = planFor(60_000);
const verdictOf = (app: Partial<SimulatedApp>) => judge(plan, probesOf(plan, { ...steady, ...app }));

describe('the verdict of a window', () => {
  it('is proven when everything was answered, seen and found again', () => {
    expect(verdictOf({})).toMatchObject({
      verdict: 'proven',
      reasons: [
        '300 of 300 reads answered, 60 writes acknowledged and all shown; never longer than 200 ms without an answer.',
      ],
      figures: {
        classes: { read: { downtimeMs: 0 }, write: { downtimeMs: 0 }, 'read-your-write': { sent: 60, ok: 60 } },
        ...{ longestGapMs: 200, blindMs: 0, stale: 0 },
        ...{ inWindow: { reads: 300, p50Ms: 5, p99Ms: 5 }, after: { reads: 50, p50Ms: 5 } },
      },
    });
  });

  it('is violated by an outage, with its begin and end, whatever else we missed', () => {
    const isBlind = (dueMs: number) => dueMs > 40_000 && dueMs < 50_000;
    const proof = verdictOf({ outages: [{ fromMs: 20_000, toMs: 23_000 }], isBlind });
    expect(proof.verdict).toBe('violated');
    expect(proof.reasons).toContain('Down for reads for 3,000 ms, from 20,000 ms to 23,000 ms after the begin (connect-refused).'); // prettier-ignore
    expect(proof.figures.classes.write.downtimeMs).toBe(3_000);
    expect(proof.figures.longestGapMs).toBeGreaterThanOrEqual(3_000);
  });

  it('is violated by one acknowledged write that is gone', () => {
    const proof = verdictOf({ lost: [7] });
    expect(proof).toMatchObject({ verdict: 'violated', reasons: ['1 of 60 acknowledged writes lost.'] });
    expect(proof.figures.writes.lost).toEqual(['~0000000007']);
  });

  it('does not call a write lost that a full list may have pushed out, nor after too few looks', () => {
    const records = probesOf(plan, { ...steady, lost: [0, 1, 2] });
    const full = records.map((one) => (one.kind === 'look' ? { ...one, rows: 200 } : one));
    const once = records.filter((one) => one.kind !== 'look' || one.atMs > plan.lengthMs + 4_000);
    for (const some of [full, once]) {
      const proof = judge(plan, some);
      expect([proof.verdict, proof.figures.writes.lost.length, proof.figures.writes.unsure.length]).toEqual([
        ...['not-proven', 0, 3],
      ]);
    }
  });

  it('knows a lost write in a full list by an older one that is there', () => {
    const records = probesOf(plan, { ...steady, lost: [0, 30] });
    const full = records.map((one) => (one.kind === 'look' ? { ...one, rows: 200 } : one));
    expect(judge(plan, full).figures.writes).toMatchObject({ lost: ['~0000000030'], unsure: ['~0000000000'] });
  });

  it('is not proven by a quiet app', () => {
    const records = probesOf(plan, steady).filter((one) => one.kind !== 'sample' || one.of === 'read');
    expect(judge(plan, records)).toMatchObject({
      verdict: 'not-proven',
      reasons: ['Too little traffic: 0 acknowledged writes, and 10 are needed.'],
    });
    expect(judge(plan, [windowOf(plan)])).toMatchObject({ verdict: 'not-proven', figures: { blindMs: 60_000 } });
  });

  it('is never violated by a gap of ours, and not proven when it is longer than a second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 1_400, max: 30_000 }), (from, length) => {
        const proof = verdictOf({ isBlind: (dueMs) => dueMs >= from && dueMs < from + length });
        if (from + length < 60_000) expect(proof.verdict).toBe('not-proven');
        expect(proof.verdict).not.toBe('violated');
        expect(proof.figures.classes.read.downtimeMs).toBe(0);
        expect(proof.figures.longestGapMs).toBeLessThanOrEqual(2 * plan.readEveryMs);
      }),
    );
  });

  it('tells of a read that did not show what was just acknowledged, and blames nobody for it', () => {
    const records = probesOf(plan, steady).map((one) =>
      one.kind === 'sample' && one.of === 'read-your-write' && one.n < 5 ? { ...one, outcome: 'stale' as const } : one,
    );
    const proof = judge(plan, records);
    expect([proof.verdict, proof.figures.stale]).toEqual(['not-proven', 5]);
    expect(proof.reasons).toEqual(['5 acknowledged writes were not shown by the next read (read-your-write).']);
  });
});

describe('the strip', () => {
  it('shows the worst of each cell, and what is yet to come', () => {
    const isBlind = (dueMs: number) => dueMs >= 30_000 && dueMs < 36_000;
    const records = probesOf(plan, { ...steady, outages: [{ fromMs: 13_000, toMs: 13_300 }], isBlind });
    expect(stripOf(plan, records, 60_000, 10)).toEqual([
      ...['up', 'up', 'down', 'up', 'up', 'unseen', 'up', 'up', 'up', 'up'],
    ]);
    const half = records.filter((one) => one.kind === 'sample' && one.dueMs < 12_000);
    expect(stripOf(plan, half, 12_000, 5)).toEqual(['up', 'none', 'none', 'none', 'none']);
  });
});
