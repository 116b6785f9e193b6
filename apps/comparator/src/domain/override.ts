import type { GivenVerdict, Override } from '#libs/contracts/src/overrides.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

/** What staff said of a comparison, as it is kept beside its own verdict. */
export type Given = Omit<Override, 'machine'>;

export interface Overridable {
  /** It has ended. */
  readonly isDone: boolean;
  readonly verdict: Verdict;
  readonly override: Given | null;
  /** No comparison of the app has come to a verdict since. */
  readonly isNewest: boolean;
  /** The app takes part, and did when this was compared. */
  readonly isOnBoard: boolean;
}

export interface Refusal {
  readonly detail: string;
  readonly next: string;
}

/** Why staff may not say this of a comparison now; null when they may. `wanted`: null takes back what was said. */
export function refusalOf(comparison: Overridable, wanted: GivenVerdict | null): Refusal | null {
  const { isDone, verdict, isNewest, isOnBoard, override } = comparison;
  if (!isDone || verdict === 'pending')
    return {
      detail: 'This comparison has come to no verdict, or is held back.',
      next: 'Wait until it has, or compare again.',
    };
  if (!isOnBoard)
    return { detail: 'Since this was compared the app has left, or joined anew.', next: 'Compare it again.' };
  if (!isNewest)
    return {
      detail: 'A newer comparison of this app has ended, and speaks for itself.',
      next: 'Look at the newest comparison of the app.',
    };
  if (wanted === null && override === null)
    return { detail: 'Staff have not overruled this verdict.', next: 'There is nothing to take back.' };
  if (wanted === verdict)
    return {
      detail: `The comparison says so itself: ${words[verdict]}.`,
      next: override ? 'Take back what staff said instead.' : 'There is nothing to overrule.',
    };
  return null;
}

/** A comparison as everybody is shown it: what staff say counts, what it said itself stands beside it. */
export function overruled(own: Override['machine'], given: Given) {
  const sentence = `${capital(words[given.verdict])}, as staff decided; the comparison said ${words[own.verdict]}. ${given.reason}`;
  return { verdict: given.verdict, sentence, override: { ...given, machine: own } };
}

const words: Record<Verdict, string> = {
  'in-sync': 'in sync',
  'out-of-sync': 'out of sync',
  pending: 'pending',
  unreachable: 'unreachable',
  unknown: 'unknown',
};
const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
