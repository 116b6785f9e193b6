import fc from 'fast-check';
import { ranks } from './ranking.js';
import { joined, left, unheardOf, withFailure, withParity, type Standing } from './standing.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { ParityComputed } from '#libs/contracts/src/comparator.js';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString();
const endpoint = (verdict: 'in-sync' | 'out-of-sync') =>
  ({
    path: '/p',
    label: 'p',
    verdict,
    matched: 1,
    missing: 0,
    changed: 0,
    doubled: 0,
    outside: 0,
    note: null,
  }) as const;
const parity = (part: Partial<DataOf<typeof ParityComputed>> = {}): DataOf<typeof ParityComputed> => ({
  comparisonId: 'c',
  batchId: 'b',
  appId: 'a',
  trigger: 'staff',
  verdict: 'in-sync',
  sentence: 'In sync.',
  endpoints: [endpoint('in-sync')],
  rowsDifferent: 0,
  acknowledged: 3,
  lostAfterAck: 0,
  looks: 1,
  computedAt: at(0),
  ...part,
});
const submitted = { appId: 'a', name: 'Ada', team: null, url: 'http://a.example', joinedAt: at(0) };
const evidence = { traceId: 't' };
const failure = {
  comparisonId: 'c2',
  batchId: 'b',
  appId: 'a',
  trigger: 'staff',
  side: 'baseline',
  sentence: 'No baseline.',
  computedAt: at(5),
} as const;
const fresh = () => joined(unheardOf('a', new Date(at(0))), submitted);

describe('a standing', () => {
  it('takes a verdict that overtook the submission', () => {
    const early = withParity(unheardOf('a', new Date(at(0))), parity(), evidence);
    expect(early.known).toBe(false);
    expect(joined(early, submitted)).toMatchObject({ known: true, name: 'Ada', verdict: 'in-sync' });
  });

  it('is never changed by an older verdict that comes late', () => {
    const now = withParity(fresh(), parity({ computedAt: at(9) }), evidence);
    expect(withParity(now, parity({ verdict: 'out-of-sync', computedAt: at(3) }), evidence)).toBe(now);
    expect(withFailure(now, failure, evidence)).toBe(now);
  });

  it('keeps what was judged when we fail, and says that we do not know', () => {
    const judged = withParity(fresh(), parity(), evidence);
    expect(withFailure(judged, failure, evidence)).toMatchObject({
      verdict: 'unknown',
      judged: judged.judged,
      inSyncSince: judged.inSyncSince,
    });
  });

  it('is not judged by a second look under way', () => {
    const judged = withParity(fresh(), parity(), evidence);
    const looking = withParity(
      judged,
      parity({ verdict: 'pending', endpoints: [endpoint('out-of-sync')], computedAt: at(2) }),
      evidence,
    );
    expect(looking).toMatchObject({ verdict: 'pending', judged: judged.judged, recent: ['in-sync'] });
  });

  it('remembers the last twenty verdicts and since when it has been in sync', () => {
    let standing: Standing = fresh();
    for (let minute = 0; minute < 30; minute += 1)
      standing = withParity(
        standing,
        parity({ computedAt: at(minute), verdict: minute === 10 ? 'out-of-sync' : 'in-sync' }),
        evidence,
      );
    expect(standing.recent).toHaveLength(20);
    expect(standing.inSyncSince?.toISOString()).toBe(at(11));
  });

  it('begins with a clean sheet when a withdrawn app returns', () => {
    const gone = left(withParity(fresh(), parity(), evidence), new Date(at(3)));
    expect(joined(gone, { ...submitted, joinedAt: at(4) })).toMatchObject({
      leftAt: null,
      judged: null,
      recent: [],
      verdict: 'pending',
    });
  });
});

describe('ranks', () => {
  const ranked = (appId: string, endpointsInSync: number, lostAfterAck = 0, more: Partial<Standing> = {}) => ({
    appId,
    verdict: 'in-sync' as const,
    judged: { endpointsInSync, endpoints: 4, lostAfterAck },
    inSyncSince: null,
    ...more,
  });

  it('puts more endpoints first, then fewer lost rows; ties share and are counted', () => {
    const result = ranks([ranked('c', 2, 5), ranked('a', 4), ranked('b', 4), ranked('d', 2, 9)]);
    expect([...result]).toEqual([['a', 1], ['b', 1], ['c', 3], ['d', 4]]); // prettier-ignore
  });

  it('never puts unknown above an equal fresh verdict, and gives no rank before the first judgement', () => {
    const result = ranks([
      ranked('u', 4, 0, { verdict: 'unknown' }),
      ranked('f', 4),
      { ...ranked('n', 0), judged: null },
    ]);
    expect([...result]).toEqual([['f', 1], ['u', 2]]); // prettier-ignore
  });

  it('does not depend on the order in which standings are given', () => {
    const some = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 3 })), { maxLength: 12 });
    fc.assert(
      fc.property(some, fc.nat(), (list, turn) => {
        const all = list.map(([inSync, lost], index) => ranked(`app${index}`, inSync, lost));
        const moved = all.map((_, index) => all[(index + turn) % all.length]!);
        expect(new Map([...ranks(moved)].toSorted())).toEqual(new Map([...ranks(all)].toSorted()));
      }),
    );
  });
});
