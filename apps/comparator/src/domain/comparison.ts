import { areByTurns, mayBeHalf } from './coming-and-going.js';
import { differencesOf, verdictOfLook, type Look } from './look.js';
import { hasLasted, lookPolicy, type LookPolicy } from './lasting.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

/**
 * A comparison is a row of looks. It is over when a look finds nothing wrong, or when something wrong has lasted: it was there at
 * every look that could judge it, long enough. Life: queued → comparing → (second look → comparing …) → done.
 */
export type Decision =
  | { readonly kind: 'look-again'; readonly inMs: number }
  | { readonly kind: 'judge'; readonly verdict: Exclude<Verdict, 'unknown'>; readonly healedAfterMs: number | null }
  | { readonly kind: 'fail'; readonly side: 'ours' | 'baseline' };

/**
 * What to do after the newest look. `looks` are in order of time, the newest last. When nothing has lasted by the last look that
 * is allowed, nobody is blamed: what only comes late or flickers is `pending`, and what we could not see well is our failure.
 */
export function decide(looks: readonly Look[], policy: LookPolicy = lookPolicy): Decision {
  const newest = looks.at(-1)!;
  const verdict = verdictOfLook(newest);
  if (verdict === 'in-sync' || verdict === 'pending') return { kind: 'judge', verdict, healedAfterMs: healed(looks) };
  const again = {
    kind: 'look-again',
    inMs: policy.waitsMs[Math.min(looks.length, policy.waitsMs.length) - 1] ?? 0,
  } as const;
  const isLasting = hasLasted(looks, verdict, policy);
  const lookedEnough = (isLasting && !(verdict === 'out-of-sync' && isOpen(looks))) || looks.length >= policy.looksMax;
  if (!lookedEnough) return again;
  const blind = looks.findLast((look) => verdictOfLook(look) === 'unknown');
  if (verdict === 'unknown' || (!isLasting && blind)) return { kind: 'fail', side: faultSide(blind ?? newest) };
  return { kind: 'judge', verdict: isLasting ? verdict : 'pending', healedAfterMs: null };
}

/** Whether a row that is missing may be shown at the next look, and gone at the one after: then it is not lost, and has another cause. */
const isOpen = (looks: readonly Look[]): boolean => mayBeHalf(looks.at(-1)!) && !areByTurns(looks);

/** How long something was wrong before this look found it right. */
function healed(looks: readonly Look[]): number | null {
  const first = looks.find((look) => differencesOf(look) > 0);
  return first ? Date.parse(looks.at(-1)!.at) - Date.parse(first.at) : null;
}

const faultSide = (look: Look): 'ours' | 'baseline' =>
  look.endpoints.some((endpoint) => endpoint.state === 'our-fault') ? 'ours' : 'baseline';
