import type { Verdict } from '#libs/contracts/src/shapes.js';

/** The words people know, and what each means. */
export const verdictWords: Record<Verdict, { word: string; meaning: string }> = {
  'in-sync': { word: 'In sync', meaning: 'every row it answers for is there, as it should be' },
  'out-of-sync': { word: 'Out of sync', meaning: 'rows are missing, changed or doubled' },
  pending: { word: 'Pending', meaning: 'not judged yet, or being looked at again' },
  unreachable: { word: 'Unreachable', meaning: 'the app did not answer properly' },
  unknown: { word: 'Unknown', meaning: 'we or the baseline failed; it costs the app nothing' },
};
export const verdicts = Object.keys(verdictWords) as Verdict[];
