import { latencyOf, longestGap, writesFigure, type Latency, type WritesFigure } from './figures.js';
import { lengthOf, outagesOf, type Outage, type Stretch } from './outages.js';
import type { ProbePlan } from './plan.js';
import { probeClasses, samplesOf, type ProbeClass, type ProbeRecord, type Sample } from './record.js';

export interface ClassFigure {
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly downtimeMs: number;
  readonly outages: readonly Outage[];
}

export interface ProofFigures {
  readonly classes: Readonly<Record<ProbeClass, ClassFigure>>;
  readonly longestGapMs: number;
  /** Not seen by us: in all, and the longest stretch. */
  readonly blindMs: number;
  readonly longestBlindMs: number;
  readonly inWindow: Latency;
  readonly after: Latency;
  readonly writes: WritesFigure;
  /** First reads after an acknowledgement that did not show the write. */
  readonly stale: number;
  /** Failures that were no outage: alone, and without an answer. */
  readonly alone: number;
}

export type ProofVerdict = 'proven' | 'not-proven' | 'violated';

export interface Proof {
  readonly verdict: ProofVerdict;
  /** Every one of them alone would be enough; for `proven`, what was seen. */
  readonly reasons: readonly string[];
  readonly figures: ProofFigures;
}

/** Fewer prove nothing. */
const acknowledgedMin = 10;
const readsShareMin = 0.9;
/** A longer outage could hide in what we did not see. */
const blindMsMax = 1_000;
const outagesMax = 50;

/** What was seen of a window by `untilMs`; of what begins after its end only the times are kept. */
export function figuresOf(plan: ProbePlan, records: readonly ProbeRecord[], untilMs = Infinity): ProofFigures {
  const reads = samplesOf(records, 'read');
  const isIn = ({ dueMs }: Sample) => dueMs < plan.lengthMs;
  const seen = probeClasses.map((of) => [of, seenOf(plan, of, samplesOf(records, of), untilMs)] as const);
  const classes = Object.fromEntries(seen.map(([of, { figure }]) => [of, figure])) as ProofFigures['classes'];
  const blind = seen.find(([of]) => of === 'read')![1].blind;
  const samples = records.filter((record): record is Sample => record.kind === 'sample');
  return {
    classes,
    longestGapMs: longestGap(plan, samples, blind, untilMs),
    blindMs: lengthOf(blind),
    longestBlindMs: Math.max(0, ...blind.map(({ fromMs, toMs }) => toMs - fromMs)),
    inWindow: latencyOf(reads.filter(isIn)),
    after: latencyOf(reads.filter((sample) => !isIn(sample))),
    writes: writesFigure(records),
    stale: samples.filter((sample) => sample.outcome === 'stale' && isIn(sample)).length,
    alone: seen.reduce((sum, [, { alone }]) => sum + alone, 0),
  };
}

function seenOf(plan: ProbePlan, of: ProbeClass, all: readonly Sample[], untilMs: number) {
  const samples = all.filter(({ dueMs }) => dueMs < plan.lengthMs);
  const { outages, alone, blind } = outagesOf(plan, of, all, untilMs);
  const begun = outages.filter(({ fromMs }) => fromMs < plan.lengthMs);
  const figure: ClassFigure = {
    sent: samples.filter(({ outcome }) => outcome !== 'ours').length,
    ok: samples.filter(({ outcome }) => outcome === 'ok').length,
    failed: samples.filter(({ outcome }) => outcome !== 'ok' && outcome !== 'ours').length,
    downtimeMs: lengthOf(begun),
    outages: begun.slice(0, outagesMax),
  };
  return { figure, alone: alone.filter(({ dueMs }) => dueMs < plan.lengthMs).length, blind: within(blind, plan) };
}

const within = (stretches: readonly Stretch[], { lengthMs }: ProbePlan): Stretch[] =>
  stretches
    .filter(({ fromMs }) => fromMs < lengthMs)
    .map(({ fromMs, toMs }) => ({ fromMs, toMs: Math.min(toMs, lengthMs) }));

/**
 * The verdict of a window that is over. What shows that the app was down, or lost a write, stands whatever else we did not see. Without
 * such evidence the claim is proven only when enough was asked, everything was seen, and every write was found again.
 */
export function judge(plan: ProbePlan, records: readonly ProbeRecord[]): Proof {
  const figures = figuresOf(plan, records);
  const against = evidenceAgainst(figures);
  if (against.length > 0) return { verdict: 'violated', reasons: against, figures };
  const lacking = whatLacks(plan, figures);
  if (lacking.length > 0) return { verdict: 'not-proven', reasons: lacking, figures };
  const { classes, longestGapMs, writes } = figures;
  const seen = `${classes.read.ok} of ${classes.read.sent} reads answered, ${writes.acknowledged} writes acknowledged and all shown; never longer than ${ms(longestGapMs)} without an answer.`;
  return { verdict: 'proven', reasons: [seen], figures };
}

function evidenceAgainst({ classes, writes }: ProofFigures): string[] {
  const down = (['read', 'write'] as const).flatMap((of) => {
    const { outages, downtimeMs } = classes[of];
    const [first] = outages;
    if (!first) return [];
    const from = `${ms(first.fromMs)} to ${ms(first.toMs)} after the begin (${first.why})`;
    const more = outages.length > 1 ? `, in ${outages.length} outages, the first from ${from}` : `, from ${from}`;
    return [`Down for ${of}s for ${ms(downtimeMs)}${more}.`];
  });
  const lost = writes.lost.length;
  return lost > 0 ? [...down, `${lost} of ${writes.acknowledged} acknowledged writes lost.`] : down;
}

function whatLacks(plan: ProbePlan, figures: ProofFigures): string[] {
  const { classes, writes, longestBlindMs, stale, alone } = figures;
  const readsMin = Math.floor((plan.lengthMs / plan.readEveryMs) * readsShareMin);
  return [
    ...(longestBlindMs > blindMsMax ? [`We did not see ${ms(longestBlindMs)} of it: a gap on our side.`] : []),
    ...(classes.read.sent < readsMin ? [`Too few reads: ${classes.read.sent}, and ${readsMin} are needed.`] : []),
    ...(writes.acknowledged < acknowledgedMin
      ? [`Too little traffic: ${writes.acknowledged} acknowledged writes, and ${acknowledgedMin} are needed.`]
      : []),
    ...(alone > 0 ? [`${alone} requests got no answer, each of them alone: on the way, or the app.`] : []),
    ...(writes.unknown > 0 && alone === 0 ? [`Of ${writes.unknown} writes nobody knows what became.`] : []),
    ...(stale > 0 ? [`${stale} acknowledged writes were not shown by the next read (read-your-write).`] : []),
    ...(writes.unsure.length > 0
      ? [`${writes.unsure.length} acknowledged writes could not be looked for, or not often enough.`]
      : []),
  ];
}

const ms = (value: number): string => `${Math.round(value).toLocaleString('en')} ms`;
