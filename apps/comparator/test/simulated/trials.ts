import { compare, type Compared } from './comparing.js';
import { simulatedFaults, type Faulty } from './faults.js';
import { takesPart, type Fill } from './history.js';
import { faithfulWorld, faultyWorld, type World } from './worlds.js';

/** A verdict that a faithful app must not have, with what repeats it. */
export interface FalseVerdict {
  readonly seed: number;
  readonly moment: string;
  readonly sentence: string;
  readonly causes: readonly string[];
}

export interface FaithfulTrial {
  readonly verdicts: readonly string[];
  readonly wrong: readonly FalseVerdict[];
}

/** Every comparison of one faithful world. Unreachable is wrong, too, of an app that was there all the time. */
export async function tryFaithful(seed: number): Promise<FaithfulTrial> {
  const { history, moments, chance } = faithfulWorld(seed);
  const verdicts: string[] = [];
  const wrong: FalseVerdict[] = [];
  for (const moment of moments)
    for (const one of history.participants.filter((each) => takesPart(each, moment))) {
      const { verdict, sentence, causes, endedAt } = await compare(history, one, moment, chance);
      verdicts.push(verdict);
      const wasAway = one.target.away.some(({ from, to }) => from <= endedAt && to >= moment);
      if (verdict === 'out-of-sync' || (verdict === 'unreachable' && !wasAway))
        wrong.push({ seed, moment: new Date(moment).toISOString(), sentence, causes: causes.map((cause) => cause.sentence) }); // prettier-ignore
    }
  return { verdicts, wrong };
}

export interface FaultTrial {
  /** Whether one of the first two comparisons that could see it has the right verdict, and none a wrong one. */
  readonly found: boolean;
  readonly topCauseRight: boolean;
  /** The mistake of its top cause, or the verdict where there was none. */
  readonly said: string;
  /** Comparisons that could see it, and those of them with the right verdict. */
  readonly seen: number;
  readonly right: number;
  readonly sentence: string;
}

/** One faulty app through all its comparisons. */
export async function tryFault(name: string, seed: number): Promise<FaultTrial> {
  const { verdicts, mistakes, make } = simulatedFaults[name]!;
  let fault: Faulty | undefined;
  const world = faultyWorld(seed, (chance, now) => (fault = make(chance, now)));
  const compared = await compareVisible(world, fault!);
  const isRight = ({ verdict }: Compared) => verdicts.includes(verdict);
  const first = compared.slice(0, 2).find(isRight);
  const shown = first ?? compared[0];
  const top = shown?.causes[0]?.mistake?.name ?? null;
  return {
    found: first !== undefined,
    topCauseRight: first !== undefined && (mistakes as readonly (string | null)[]).includes(top),
    said: top ?? shown?.verdict ?? 'never seen',
    ...{ seen: compared.length, right: compared.filter(isRight).length, sentence: shown?.sentence ?? '' },
  };
}

/** Comparisons that begin when the fault can be seen: when a fill has closed in which it had its first effect, or which came after it. */
async function compareVisible({ history, moments, chance }: World, fault: Faulty): Promise<Compared[]> {
  const [one] = history.participants;
  const from = fault.visibleFrom();
  const isSince = ({ requestedAt, closedAt }: Fill) => (fault.store ? closedAt : requestedAt) >= from;
  const closed = history.fills.find(isSince)?.closedAt ?? Infinity;
  const seeing = moments.filter((moment) => moment >= closed && (fault.isVisibleAt?.(moment) ?? true));
  const compared: Compared[] = [];
  for (const moment of seeing) compared.push(await compare(history, one!, moment, chance));
  return compared;
}

export const faultNames = Object.keys(simulatedFaults);
