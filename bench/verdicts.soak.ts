import {
  faultNames,
  tryFault,
  tryFaithful,
  type FalseVerdict,
  type FaultTrial,
} from '#apps/comparator/test/simulated/trials.js';
import { freshSeed } from '#libs/testing/src/seeded-random.js';

/**
 * The verdicts' engine on simulated labs for as long as told: `./lockstep soak verdicts --seconds 300`. A faithful app must never be
 * called out of sync, nor unreachable while it was there; every fault must be found within two comparisons, with its cause on top.
 * SEED repeats a run; a false verdict is printed with the seed of its world. The judge's process and HTTP are not in it: see
 * `test/flows/faults.e2e-spec.ts`.
 */
const seedsOfFault = 20;
const [redMin, causeMin] = [0.99, 0.95];
/** Those that are wrong by every look; the others come and go, or are nobody's fault. */
const steady = faultNames.filter((name) => !['flapping', 'lagging', 'reorder'].includes(name));

interface FaultLine {
  readonly name: string;
  readonly seeds: number;
  readonly found: number;
  readonly topCauseRight: number;
}

const seed = freshSeed();
const verdicts: Record<string, number> = {};
const wrong: FalseVerdict[] = [];
const confusion: Record<string, Record<string, number>> = {};
let [seen, right] = [0, 0];

async function tryFaults(): Promise<FaultLine[]> {
  const lines: FaultLine[] = [];
  for (const name of faultNames) {
    const trials: FaultTrial[] = [];
    for (let n = 0; n < seedsOfFault; n += 1) trials.push(await tryFault(name, seed + n));
    confusion[name] = {};
    for (const { said } of trials) confusion[name][said] = (confusion[name][said] ?? 0) + 1;
    if (steady.includes(name)) {
      seen += trials.reduce((sum, trial) => sum + trial.seen, 0);
      right += trials.reduce((sum, trial) => sum + trial.right, 0);
    }
    const count = (is: (trial: FaultTrial) => boolean) => trials.filter(is).length;
    lines.push({ name, seeds: trials.length, found: count((trial) => trial.found), topCauseRight: count((trial) => trial.topCauseRight) }); // prettier-ignore
    console.log(`${name}: ${JSON.stringify(confusion[name])}`);
  }
  return lines;
}

async function tryWorlds(secondsMax: number): Promise<number> {
  const began = performance.now();
  let comparisons = 0;
  let told = 0;
  for (let n = 0; performance.now() - began < secondsMax * 1_000; n += 1) {
    const trial = await tryFaithful(seed + n);
    comparisons += trial.verdicts.length;
    for (const verdict of trial.verdicts) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    for (const one of trial.wrong) {
      if (wrong.length < 20) console.log(`WRONG ${JSON.stringify(one)}`);
      wrong.push(one);
    }
    if (comparisons - told < 10_000) continue;
    told = comparisons;
    console.log(
      `${Math.round((performance.now() - began) / 1_000)} s · ${comparisons} comparisons · ${wrong.length} wrong`,
    );
  }
  return comparisons;
}

async function run(secondsMax: number): Promise<void> {
  console.log(`SEED=${seed}`);
  const faults = await tryFaults();
  const comparisons = await tryWorlds(secondsMax);
  const isFound = faults.every(
    ({ seeds, found, topCauseRight }) => found === seeds && topCauseRight >= causeMin * seeds,
  );
  const redShare = right / seen;
  const falseOutOfSync = wrong.length;
  console.log(JSON.stringify({ seed, comparisons, falseOutOfSync, verdicts, redShare, faults, confusion, wrong: wrong.slice(0, 20) })); // prettier-ignore
  process.exit(falseOutOfSync === 0 && isFound && redShare >= redMin ? 0 : 1);
}

await run(Number(process.argv[2] ?? 60));
