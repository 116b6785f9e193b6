import { differenceKey, differencesOf, verdictOfLook, type Look } from './look.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

/**
 * A comparison is a row of looks. It is over when a look finds nothing wrong, or when something wrong has been there at every
 * look long enough. Life: queued → comparing → (second look → comparing …) → done.
 */
export type Decision =
  | { readonly kind: 'look-again'; readonly inMs: number }
  | { readonly kind: 'judge'; readonly verdict: Exclude<Verdict, 'unknown'>; readonly healedAfterMs: number | null }
  | { readonly kind: 'fail'; readonly side: 'ours' | 'baseline' };

/** Waits between looks. A difference is blamed when it has outlived all of them; looks beyond are for one that keeps changing. */
export interface LookPolicy {
  readonly waitsMs: readonly number[];
  readonly looksMax: number;
}
export const lookPolicy: LookPolicy = { waitsMs: [3_000, 7_000], looksMax: 5 };

/** What to do after the newest look. `looks` are in order of time, the newest last. */
export function decide(looks: readonly Look[], policy: LookPolicy = lookPolicy): Decision {
  const newest = looks.at(-1)!;
  const verdict = verdictOfLook(newest);
  if (verdict === 'in-sync' || verdict === 'pending') return { kind: 'judge', verdict, healedAfterMs: healed(looks) };
  const again = {
    kind: 'look-again',
    inMs: policy.waitsMs[Math.min(looks.length, policy.waitsMs.length) - 1] ?? 0,
  } as const;
  const lookedEnough = looks.length > policy.waitsMs.length;
  if (verdict === 'unknown') return lookedEnough ? { kind: 'fail', side: faultSide(newest) } : again;
  if (!lookedEnough) return again;
  if (verdict === 'out-of-sync' && persisting(looks) === 0 && looks.length < policy.looksMax) return again;
  return { kind: 'judge', verdict, healedAfterMs: null };
}

/** How long something was wrong before this look found it right. */
function healed(looks: readonly Look[]): number | null {
  const first = looks.find((look) => differencesOf(look) > 0);
  return first ? Date.parse(looks.at(-1)!.at) - Date.parse(first.at) : null;
}

/** Differences of the newest look that every earlier judged look has seen as well. */
function persisting(looks: readonly Look[]): number {
  const sets = looks.filter((look) => verdictOfLook(look) === 'out-of-sync').map(keysOf);
  const newest = sets.at(-1) ?? new Set();
  return [...newest].filter((key) => sets.every((set) => set.has(key))).length;
}

const keysOf = (look: Look): Set<string> =>
  new Set(
    look.endpoints.flatMap((endpoint) => endpoint.differences.map((difference) => differenceKey(endpoint, difference))),
  );

const faultSide = (look: Look): 'ours' | 'baseline' =>
  look.endpoints.some((endpoint) => endpoint.state === 'our-fault') ? 'ours' : 'baseline';
