import fc from 'fast-check';
import { withOverride } from './override.js';
import { ranks } from './ranking.js';
import { joined, unheardOf, withFailure, withParity, type Standing } from './standing.js';
import { versionOf } from './version.js';
import type { ComparisonFailed, ParityComputed } from '#libs/contracts/src/comparator.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { GivenVerdict, VerdictOverridden } from '#libs/contracts/src/overrides.js';

// Goal: staff's word counts for one comparison, is said openly, and what the comparison said comes back whole.
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString();
type Judgeable = 'in-sync' | 'out-of-sync' | 'unreachable';
const paths = ['/p', '/q'];
const endpoint = (path: string, verdict: Judgeable, missing: number) => ({
  ...{ path, label: path, verdict, matched: 1, missing, changed: 0, doubled: 0, outside: 0, note: null },
});
const parity = (minute: number, verdict: Judgeable | 'pending', lost = 0): DataOf<typeof ParityComputed> => ({
  ...{ comparisonId: `c${minute}`, batchId: 'b', appId: 'a', trigger: 'staff', verdict, sentence: `${verdict}.` },
  endpoints: verdict === 'pending' ? [] : [endpoint('/p', verdict, lost), endpoint('/q', 'in-sync', 0)],
  ...{ rowsDifferent: lost, acknowledged: 9, lostAfterAck: lost, looks: 1, computedAt: at(minute) },
});
const failure = (minute: number): DataOf<typeof ComparisonFailed> => ({
  ...{ comparisonId: `c${minute}`, batchId: 'b', appId: 'a', trigger: 'staff', side: 'baseline', sentence: 'Unknown.' },
  computedAt: at(minute),
});
const evidence = { traceId: 't' };
const said = (standing: Standing, verdict: GivenVerdict | null): DataOf<typeof VerdictOverridden> => ({
  ...{ comparisonId: standing.comparisonId ?? 'none', appId: 'a', verdict, reason: 'Seen.', by: 'teacher', at: at(59) },
  sentence: verdict === null ? standing.overridden!.shown.machine.sentence : `${verdict} by staff.`,
  machine: standing.overridden?.shown.machine ?? {
    ...{ verdict: standing.recent.at(-1) as GivenVerdict, sentence: standing.sentence },
  },
  paths,
});
const override = (standing: Standing, verdict: GivenVerdict | null) => withOverride(standing, said(standing, verdict));
const fresh = () =>
  joined(unheardOf('a', new Date(at(0))), {
    ...{ appId: 'a', name: 'Ada', team: null, url: 'http://a.example', joinedAt: at(0), isPseudonym: false },
  });
const lossy = () =>
  withParity(withParity(fresh(), parity(1, 'in-sync'), evidence), parity(2, 'out-of-sync', 3), evidence);

describe('a verdict that staff overruled', () => {
  it('is what they say, in word, rank and history; what was measured stays beside it', () => {
    const right = override(lossy(), 'in-sync');
    expect(right).toMatchObject({
      ...{ verdict: 'in-sync', sentence: 'in-sync by staff.', recent: ['in-sync', 'in-sync'] },
      ...{ rowsDifferent: 3, lostAfterAck: 3, judged: { endpointsInSync: 2, lostAfterAck: 0 } },
      inSyncSince: new Date(at(1)),
    });
    expect(versionOf(right)!.override).toEqual({
      ...{ verdict: 'in-sync', reason: 'Seen.', by: 'teacher', at: at(59) },
      machine: { verdict: 'out-of-sync', sentence: 'out-of-sync.' },
    });
    const other = { ...lossy(), appId: 'b' };
    expect([...ranks([other, right])]).toEqual([['a', 1], ['b', 2]]); // prettier-ignore
    const wrong = override(withParity(fresh(), parity(1, 'in-sync'), evidence), 'out-of-sync');
    expect(wrong).toMatchObject({ verdict: 'out-of-sync', inSyncSince: null, judged: { endpointsInSync: 0 } });
  });

  it('costs the app nothing when they say that nothing is known: it stands as it would had we failed', () => {
    const failed = withFailure(withParity(fresh(), parity(1, 'in-sync'), evidence), failure(2), evidence);
    const { before: _, overridden: __, sentence: ___, ...sheet } = failed;
    expect(override(lossy(), 'unknown')).toMatchObject(sheet);
  });

  it('can be given where we failed, and ranks the app then', () => {
    const failed = withFailure(fresh(), failure(1), evidence);
    const seen = override(failed, 'in-sync');
    expect(seen).toMatchObject({ verdict: 'in-sync', judged: { endpoints: 2, endpointsInSync: 2 } });
    expect(override(seen, null)).toEqual(failed);
  });

  it('holds for that comparison only: the next one speaks for itself', () => {
    const next = withParity(override(lossy(), 'in-sync'), parity(5, 'out-of-sync', 2), evidence);
    expect(next).toMatchObject({ verdict: 'out-of-sync', overridden: null, lostAfterAck: 2, inSyncSince: null });
    expect(versionOf(next)).not.toHaveProperty('override');
    expect(withOverride(next, { ...said(lossy(), 'in-sync') })).toBe(next);
    const hidden = withParity(override(lossy(), 'in-sync'), parity(5, 'unreachable'), evidence);
    expect(hidden).toMatchObject({ lostAfterAck: 0, overridden: null });
  });

  it('stays while another look is coming, which has the last word', () => {
    const looking = withParity(override(lossy(), 'in-sync'), parity(5, 'pending'), evidence);
    expect(looking).toMatchObject({
      verdict: 'pending',
      sentence: 'pending.',
      overridden: { shown: { verdict: 'in-sync' } },
    });
    const back = override(looking, null);
    expect(back).toMatchObject({
      verdict: 'pending',
      sentence: 'pending.',
      judged: { lostAfterAck: 3 },
      overridden: null,
    });
    expect(override(override(back, 'unknown'), null)).toEqual(back);
  });

  it('is whole again once it is taken back, whatever staff said in between', () => {
    const verdicts = ['in-sync', 'out-of-sync', 'unreachable', 'pending', 'failure'] as const;
    const events = fc.array(fc.record({ what: fc.constantFrom(...verdicts), lost: fc.nat({ max: 3 }) }), { minLength: 1, maxLength: 30 }); // prettier-ignore
    const given = fc.array(fc.constantFrom('in-sync', 'out-of-sync', 'unreachable', 'unknown'), { minLength: 1, maxLength: 3 }); // prettier-ignore
    const property = fc.property(events, given, (all, words) => {
      const before = all.reduce<Standing>(
        (standing, { what, lost }, index) =>
          what === 'failure'
            ? withFailure(standing, failure(index + 1), evidence)
            : withParity(standing, parity(index + 1, what, what === 'out-of-sync' ? lost : 0), evidence),
        fresh(),
      );
      if (before.comparisonId === null) return;
      const after = words.reduce<Standing>((standing, word) => override(standing, word), before);
      expect(after.verdict).toBe(before.verdict === 'pending' ? 'pending' : words.at(-1));
      expect(override(after, null)).toEqual(before);
    });
    fc.assert(property, { numRuns: 500 });
  });
});
