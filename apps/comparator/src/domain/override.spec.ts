import { overruled, refusalOf, type Overridable } from './override.js';
import { OverrideVerdict, overrideReason, VerdictOverridden } from '#libs/contracts/src/overrides.js';

const given = { verdict: 'in-sync' as const, reason: 'Seen.', by: 'teacher', at: '2026-11-20T10:00:00.000Z' };
const comparison: Overridable = {
  ...{ isDone: true, verdict: 'out-of-sync', override: null, isNewest: true, isOnBoard: true },
};
const refused = (part: Partial<Overridable>, wanted: 'in-sync' | 'out-of-sync' | 'unknown' | null = 'in-sync') =>
  refusalOf({ ...comparison, ...part }, wanted)?.detail ?? null;

describe('overruling a verdict', () => {
  it('is for the newest verdict of an app on the board, and for another than it gave', () => {
    expect([refused({}), refused({}, 'unknown'), refused({ override: given }, 'unknown')]).toEqual([null, null, null]);
    expect(refused({ override: given })).toBe(null); // with another reason
    expect(refused({ isDone: false, verdict: 'pending' })).toMatch('come to no verdict');
    expect(refused({ verdict: 'pending' })).toMatch('come to no verdict');
    expect(refused({ isNewest: false })).toMatch('newer comparison');
    expect(refused({ isOnBoard: false })).toMatch('has left');
    expect(refused({}, 'out-of-sync')).toMatch('says so itself: out of sync');
  });

  it('is taken back only where there is something to take back', () => {
    expect(refused({}, null)).toMatch('have not overruled');
    expect(refused({ override: given }, null)).toBe(null);
    expect(refused({ override: given, isNewest: false }, null)).toMatch('newer comparison');
  });

  it('says in one sentence what staff say, what the comparison said, and why', () => {
    const own = { verdict: 'out-of-sync' as const, sentence: 'Out of sync: 3 rows.' };
    expect(overruled(own, given)).toEqual({
      verdict: 'in-sync',
      sentence: 'In sync, as staff decided; the comparison said out of sync. Seen.',
      override: { ...given, machine: own },
    });
    const longest = overruled({ verdict: 'unreachable', sentence: '' }, { ...given, verdict: 'out-of-sync', reason: 'x'.repeat(300) }); // prettier-ignore
    expect(VerdictOverridden.schema.shape.sentence.safeParse(longest.sentence).success).toBe(true);
  });

  it('needs a reason of 1 to 300 characters', () => {
    for (const reason of ['', '   ', 'x'.repeat(301)]) expect(overrideReason.safeParse(reason).success).toBe(false);
    expect(overrideReason.parse(`  ${'x'.repeat(300)} `)).toHaveLength(300);
    const wish = { comparisonId: '0199b2a0-0000-7000-8000-000000000001', by: 'a', verdict: 'pending', reason: 'x' };
    expect(OverrideVerdict.schema.safeParse(wish).success).toBe(false);
  });
});
