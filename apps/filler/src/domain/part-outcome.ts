import type { FillWrite, WriteOutcome } from '#libs/contracts/src/filler.js';

export type PartOutcome = 'filled' | 'partly' | 'given-up';

/** How a target's part ended: all its writes acknowledged, some of them, or none. */
export function partOutcome(outcomes: readonly WriteOutcome[]): PartOutcome {
  const acknowledged = outcomes.filter((outcome) => outcome === 'acknowledged').length;
  if (acknowledged === outcomes.length) return 'filled';
  return acknowledged > 0 ? 'partly' : 'given-up';
}

/** One sentence for people when a part did not fill: the first reason that the app gave, or that we have. */
export function partNote(writes: readonly Pick<FillWrite, 'outcome' | 'reason'>[]): string | null {
  const notable = writes.find((write) => write.outcome !== 'acknowledged' && write.reason);
  return notable?.reason ?? null;
}
