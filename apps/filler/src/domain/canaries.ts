import { entry, mood, type FillScript, type PlannedWrite } from './fill-script.js';
import { seededRandom } from './seeded-random.js';

/** Values of canaries are positive int4 from here on; no other write of ours has such a value. */
export const canaryValueMin = 2 ** 30;

/**
 * What a fill writes to the baseline and to nobody else: a value, and by turns an entry and a mood, which look like any other. An app
 * that shows one has it from the baseline. Nobody can guess them: one of 2^30 values, one of 2^50 markers, from a seed that only we know.
 */
export function canariesOf({ seed, number }: Pick<FillScript, 'seed' | 'number'>, firstIndex: number): PlannedWrite[] {
  const random = seededRandom(`${seed}, the canaries`);
  const value = canaryValueMin + random.below(canaryValueMin);
  const text = number % 2 === 1 ? entry(random) : mood(random);
  return [{ marker: `#${value}`, payload: { kind: 'value' as const, value } }, text].map((write, i) => ({
    ...write,
    index: firstIndex + i,
    isCanary: true,
  }));
}
