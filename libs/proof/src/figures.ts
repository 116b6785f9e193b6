import type { ProbePlan } from './plan.js';
import { samplesOf, type LookRecord, type ProbeRecord, type Sample } from './record.js';
import { lengthOf, type Stretch } from './outages.js';

/** Of all reads that we sent; those without an answer count with the time they took. Null when there were none. */
export interface Latency {
  readonly reads: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

export function latencyOf(samples: readonly Sample[]): Latency {
  const times = samples
    .filter(({ outcome }) => outcome !== 'ours')
    .map(({ startMs, endMs }) => endMs - startMs)
    .toSorted((a, b) => a - b);
  const at = (share: number) => times[Math.ceil(times.length * share) - 1] ?? null;
  return { reads: times.length, p50Ms: at(0.5), p99Ms: at(0.99) };
}

/**
 * The longest time between two operations that the app answered as it should, from begin to end of the window; what we did not see
 * of it is left out.
 */
export function longestGap(
  plan: ProbePlan,
  samples: readonly Sample[],
  blind: readonly Stretch[],
  untilMs: number,
): number {
  const endMs = Math.min(plan.lengthMs, untilMs);
  const answered = samples
    .filter(({ outcome, endMs: at }) => outcome === 'ok' && at < endMs)
    .map(({ endMs: at }) => at);
  const times = [0, ...answered.toSorted((a, b) => a - b), endMs];
  return times.reduce((longest, toMs, i) => {
    const fromMs = times[i - 1] ?? 0;
    const unseen = lengthOf(blind.flatMap((one) => shared(one, { fromMs, toMs })));
    return Math.max(longest, toMs - fromMs - unseen);
  }, 0);
}

function shared(a: Stretch, b: Stretch): Stretch[] {
  const [fromMs, toMs] = [Math.max(a.fromMs, b.fromMs), Math.min(a.toMs, b.toMs)];
  return toMs > fromMs ? [{ fromMs, toMs }] : [];
}

/** What became of the window's own writes. */
export interface WritesFigure {
  readonly acknowledged: number;
  readonly refused: number;
  readonly unknown: number;
  /** Of those acknowledged: shown by the last look, or lost, or nobody can say. */
  readonly shown: number;
  readonly lost: readonly string[];
  readonly unsure: readonly string[];
}

/** The last looks that an app answered: a write that none of them showed is lost. */
export const looksMin = 3;
/** As many entries as the reference app shows, newest first: a list as long may have pushed older ones out. */
export const listRowsMax = 200;

export function writesFigure(records: readonly ProbeRecord[]): WritesFigure {
  const writes = samplesOf(records, 'write');
  const answered = records.filter((one): one is LookRecord => one.kind === 'look' && one.answered);
  const looks = answered.slice(-looksMin);
  const markers = writes.flatMap(({ outcome, marker }) => (outcome === 'ok' && marker ? [marker] : []));
  const shown = new Set(looks.flatMap((look) => look.shown));
  const missing = markers.filter((marker) => !shown.has(marker));
  // When an older write of ours is there, a newer one was not pushed out.
  const oldestShown = markers.findIndex((marker) => shown.has(marker));
  const isWhole = looks.every(({ rows }) => rows < listRowsMax);
  const mustShow = (marker: string) => isWhole || (oldestShown >= 0 && markers.indexOf(marker) > oldestShown);
  const isLost = (marker: string) => looks.length >= looksMin && mustShow(marker);
  const count = (outcome: Sample['outcome']) => writes.filter((write) => write.outcome === outcome).length;
  return {
    acknowledged: markers.length,
    refused: count('refused'),
    unknown: count('unknown'),
    shown: markers.length - missing.length,
    lost: missing.filter(isLost),
    unsure: missing.filter((marker) => !isLost(marker)),
  };
}
