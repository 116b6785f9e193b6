import type { ProbePlan } from './plan.js';
import { isFailure, type ProbeClass, type Sample } from './record.js';
import { dueOf, ticksOf, type TimedClass } from './timetable.js';

/** From, and up to but not with. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Outage extends Stretch {
  /** Probes that failed in it. */
  readonly failed: number;
  /** What the first of them was told: an HTTP status, or a code of egress. */
  readonly why: string;
  /** No probe of the timetable succeeded afterwards: it lasted at least this long. */
  readonly isOpen: boolean;
}

export interface Seen {
  readonly outages: readonly Outage[];
  /** Failures that are no outage: one alone that was not answered, as any network may lose it. */
  readonly alone: readonly Sample[];
  /** What we did not see of the timetable. */
  readonly blind: readonly Stretch[];
}

/**
 * When the app was down for one class. An outage begins with the first probe that failed and ends with the next one that did not: at its
 * start, or at its end when it had to wait for longer than an interval, since then the app came back while it waited. Where we were
 * blind an outage is cut: only what was seen counts. `untilMs`: how far the timetable has come.
 */
export function outagesOf(plan: ProbePlan, of: ProbeClass, samples: readonly Sample[], untilMs = Infinity): Seen {
  const ticks = of === 'read-your-write' ? seenOnly(samples) : timetable(plan, of, samples, untilMs);
  const everyMs = of === 'read' ? plan.readEveryMs : plan.writeEveryMs;
  const outages: Outage[] = [];
  const alone: Sample[] = [];
  let failures: Sample[] = [];
  const end = (toMs: number, isOpen: boolean) => {
    const [first, second] = failures;
    failures = [];
    if (!first) return;
    if (!second && !isPlain(first)) return void alone.push(first);
    const why = first.status === null ? (first.code ?? 'no answer') : String(first.status);
    outages.push({ fromMs: first.startMs, toMs, failed: 1, why, isOpen });
  };
  for (const tick of ticks) {
    if (!tick.sample) end(tick.dueMs, false);
    else if (isFailure(tick.sample)) failures.push(tick.sample);
    else end(backAt(tick.sample, everyMs), false);
  }
  end(lastSeen(failures), true);
  return { outages: merged(outages, samples), alone, blind: joined(ticks.flatMap(blindOf)) };
}

interface Tick {
  readonly dueMs: number;
  readonly nextMs: number;
  readonly sample: Sample | undefined;
}

function timetable(plan: ProbePlan, of: TimedClass, samples: readonly Sample[], untilMs: number): Tick[] {
  const byTick = new Map(samples.map((sample) => [sample.n, sample]));
  return Array.from({ length: ticksOf(plan, of) }, (_, n) => {
    const sample = byTick.get(n);
    const [dueMs, nextMs] = [dueOf(plan, of, n), dueOf(plan, of, n + 1)];
    // One that started when the next was due says nothing of its own time.
    const wasInTime = sample && sample.outcome !== 'ours' && sample.startMs < nextMs;
    return { dueMs, nextMs, sample: wasInTime ? sample : undefined };
  }).filter(({ nextMs, sample }) => sample || nextMs <= untilMs);
}

const seenOnly = (samples: readonly Sample[]): Tick[] =>
  samples
    .filter(({ outcome }) => outcome !== 'ours')
    .map((sample) => ({ dueMs: sample.dueMs, nextMs: sample.endMs, sample }));

const backAt = ({ startMs, endMs }: Sample, everyMs: number): number => (endMs - startMs > everyMs ? endMs : startMs);
const lastSeen = (failures: readonly Sample[]): number => Math.max(...failures.map(({ endMs }) => endMs), 0);

/** The app itself has said no, or its machine that nobody listens. Silence may have been on the way. */
const isPlain = ({ status, code, outcome }: Sample): boolean =>
  status !== null || code === 'connect-refused' || outcome === 'stale';

const blindOf = ({ dueMs, nextMs, sample }: Tick): Stretch[] => (sample ? [] : [{ fromMs: dueMs, toMs: nextMs }]);

/** Stretches that touch as one. */
export function joined(stretches: readonly Stretch[]): Stretch[] {
  const all: Stretch[] = [];
  for (const one of stretches.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = all.at(-1);
    if (last && one.fromMs <= last.toMs)
      all[all.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, one.toMs) };
    else all.push(one);
  }
  return all;
}

/** Outages that overlap, as answers that were long under way make them, are one. */
function merged(outages: readonly Outage[], samples: readonly Sample[]): Outage[] {
  const all: Outage[] = [];
  for (const one of outages.filter(({ fromMs, toMs }) => toMs > fromMs)) {
    const last = all.at(-1);
    if (last && one.fromMs < last.toMs)
      all[all.length - 1] = { ...last, toMs: Math.max(last.toMs, one.toMs), isOpen: one.isOpen };
    else all.push(one);
  }
  const inside = ({ fromMs, toMs }: Outage) =>
    samples.filter((sample) => isFailure(sample) && sample.startMs >= fromMs && sample.startMs < toMs).length;
  return all.map((outage) => ({ ...outage, failed: inside(outage) }));
}

export const lengthOf = (stretches: readonly Stretch[]): number =>
  stretches.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
