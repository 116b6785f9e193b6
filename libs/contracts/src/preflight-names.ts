import type { PreflightCheck } from './preflight.js';

/** The checks of a pre-flight in words, in the order in which they are shown; apart from their schema, which no page needs. */
export const preflightNames: Readonly<Record<PreflightCheck, string>> = {
  address: 'Address',
  name: 'DNS',
  answers: 'Answers',
  moods: 'Moods',
  entries: 'Entries',
  stats: 'Stats',
  values: 'Values',
  clock: 'Clock',
  write: 'Write and read back',
};
