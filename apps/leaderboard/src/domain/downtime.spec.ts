import fc from 'fast-check';
import { placeOf, seenIn, withSeen, worst } from './downtime.js';
import { ranks, type Ranked } from './ranking.js';
import { joined, unheardOf, withWindow } from './standing.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { Downtime } from '#libs/contracts/src/leaderboard.js';
import type { ProbeWindowClosed } from '#libs/contracts/src/windows.js';

const hour = (n: number) => new Date(Date.UTC(2026, 10, 20) + n * 3_600_000).toISOString();
const proven = (at: number): Downtime => ({ windowId: `w${at}`, verdict: 'proven', ms: 0, at: hour(at) });
const violated = (at: number, ms: number): Downtime => ({ ...proven(at), verdict: 'violated', ms });
const nothing = (at: number): Downtime => ({ ...proven(at), verdict: 'not-proven', ms: null });
const worstOf = (...windows: readonly Downtime[]): Downtime | null =>
  worst(windows.reduce<readonly Downtime[]>(withSeen, []));

/** Windows of some days, no two of one hour. */
const windows = fc
  .uniqueArray(fc.tuple(fc.nat({ max: 80 }), fc.constantFrom(null, 0, 0, 200, 400, 3_000), fc.boolean()), {
    ...{ selector: ([at]) => at, maxLength: 15 },
  })
  .map((all) =>
    all.map(([at, ms, isLoss]) => (ms === null ? nothing(at) : ms || isLoss ? violated(at, ms) : proven(at))),
  );

/** The rule itself, as it is written down: the worst of the day up to the newest that measured anything. */
function byTheRule(all: readonly Downtime[]): Downtime | null {
  const newestFirst = all.toSorted((a, b) => b.at.localeCompare(a.at));
  const measured = newestFirst.filter(({ ms }) => ms !== null);
  if (measured.length === 0) return newestFirst[0] ?? null;
  const ofTheDay = measured.filter(({ at }) => Date.parse(measured[0]!.at) - Date.parse(at) <= 86_400_000);
  const against = ofTheDay.filter(({ verdict }) => verdict === 'violated');
  const longest = Math.max(...against.map(({ ms }) => ms!));
  return against.find(({ ms }) => ms === longest) ?? ofTheDay[0]!;
}

describe('the downtime of an app', () => {
  it('is that of its worst window of a day, in whatever order they are heard, and also of those since any time', () => {
    const property = fc.property(windows, fc.nat({ max: 80 }), (all, since) => {
      expect(worstOf(...all)).toEqual(byTheRule(all));
      const kept = all.reduce<readonly Downtime[]>(withSeen, []).filter(({ at }) => at >= hour(since));
      expect(worst(kept)).toEqual(byTheRule(all.filter(({ at }) => at >= hour(since))));
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  it('is not washed off by another window of the same day, and is by one a day later', () => {
    expect(worstOf(violated(1, 3_000), proven(2), proven(24))).toEqual(violated(1, 3_000));
    expect(worstOf(violated(1, 3_000), proven(2), proven(26))).toEqual(proven(26));
    expect(worstOf(violated(1, 3_000))).toEqual(violated(1, 3_000));
  });

  it('is not changed by windows that proved nothing, neither for better nor for worse', () => {
    const gaps = fc.uniqueArray(fc.integer({ min: 81, max: 200 }).map(nothing), { selector: ({ at }) => at });
    const property = fc.property(windows, gaps, (all, later) => {
      fc.pre(all.some(({ ms }) => ms !== null));
      expect(worstOf(...all, ...later)).toEqual(worstOf(...all));
    });
    fc.assert(property);
    expect(placeOf(worstOf(nothing(1)))).toBe(placeOf(null));
  });

  it('keeps few windows of a day of nothing else: the worst, and the newest', () => {
    const day = Array.from({ length: 400 }, (_, index) => violated(index / 20, 4_000 - index * 10));
    const kept = day.reduce<readonly Downtime[]>(withSeen, []);
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([20, day[0], day.at(-1)]);
  });

  it('is the longer of that for reads and that for writes, from when the window was declared', () => {
    expect(seenIn(closed({}))).toEqual({ windowId: 'w', verdict: 'violated', ms: 1_200, at: hour(3) });
    const { declaredAt: _, ...older } = closed({});
    expect(seenIn(older).at).toBe(hour(4));
    expect(seenIn(closed({ verdict: 'not-proven', downtimeMs: { read: 0, write: 0 } })).ms).toBeNull();
  });

  it('is not that of an earlier life of the app, also when its last window is judged in the next', () => {
    const again = joined(unheardOf('a', new Date(0)), {
      ...{ appId: 'a', name: 'Ada', team: null, url: 'http://a.example', joinedAt: hour(3.5), isPseudonym: false },
    });
    expect(withWindow(again, closed({}))).toBe(again);
    expect(withWindow(again, closed({ declaredAt: hour(3.6) })).downtime).toMatchObject({ ms: 1_200 });
  });
});

const closed = (part: Partial<DataOf<typeof ProbeWindowClosed>>): DataOf<typeof ProbeWindowClosed> => ({
  ...{ windowId: 'w', appId: 'a', appName: 'Ada', verdict: 'violated', reasons: [], lost: 0, head: '' },
  ...{ downtimeMs: { read: 400, write: 1_200 }, declaredAt: hour(3), closedAt: hour(4) },
  ...part,
});

describe('ranks by downtime', () => {
  const downtimes = [null, proven(1), nothing(1), violated(1, 0), violated(1, 200), violated(2, 200), violated(1, 900)];
  const standing = fc.record({
    ...{ endpointsInSync: fc.integer({ min: 3, max: 4 }), lostAfterAck: fc.nat({ max: 1 }) },
    ...{ refused: fc.nat({ max: 1 }), downtime: fc.constantFrom(...downtimes) },
    ...{ verdict: fc.constantFrom('in-sync' as const, 'unknown' as const), inSync: fc.option(fc.nat({ max: 1 })) },
  });
  const standings = fc.array(standing, { minLength: 2, maxLength: 8 }).map((all) =>
    all.map(({ endpointsInSync, lostAfterAck, inSync, ...more }, index): Ranked => ({
      ...more,
      appId: String(index),
      judged: { at: hour(0), endpointsInSync, endpoints: 4, lostAfterAck, byPath: {} },
      inSyncSince: inSync === null ? null : new Date(hour(inSync)),
    })),
  );
  const one = (appId: string, downtime: Downtime | null, more: Partial<Ranked> = {}): Ranked => ({
    ...{ appId, downtime, verdict: 'in-sync', refused: 0, inSyncSince: null },
    judged: { at: hour(0), endpointsInSync: 4, endpoints: 4, lostAfterAck: 0, byPath: {} },
    ...more,
  });

  it('put any two apps in the same order, whoever else takes part', () => {
    const property = fc.property(standings, (all) => {
      const among = ranks(all);
      for (const a of all)
        for (const b of all) {
          const alone = ranks([a, b]);
          const sign = (of: Map<string, number>) => Math.sign(of.get(a.appId)! - of.get(b.appId)!);
          if (a !== b) expect(sign(among)).toBe(sign(alone));
        }
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('put a proof first, then who was not measured, then the shorter outage; ties share', () => {
    const all = [
      ...[one('long', violated(1, 900)), one('short', violated(2, 200)), one('as short', violated(1, 200))],
      ...[one('lost', violated(1, 0)), one('gap', nothing(1)), one('never', null), one('proven', proven(1))],
    ];
    expect(Object.fromEntries(ranks(all))).toEqual({
      ...{ proven: 1, gap: 2, never: 2, lost: 4, short: 5, 'as short': 5, long: 7 },
    });
  });

  it('ask for downtime after what was lost, and before what was refused and since when it is in sync', () => {
    const judged = { ...one('', null).judged!, lostAfterAck: 1 };
    const early = { refused: 3, inSyncSince: new Date(hour(0)) };
    const all = [one('lossy', proven(1), { judged }), one('down', violated(1, 200)), one('refuses', proven(1), early)];
    expect([...ranks(all).keys()]).toEqual(['refuses', 'down', 'lossy']);
  });
});
