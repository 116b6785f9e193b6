import type { Counts } from './run-steps.js';

/** Replaced below by the list of guards. */
export async function runGuards(): Promise<Counts> {
  throw new Error('not yet');
}
