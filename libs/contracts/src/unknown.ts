import { z } from 'zod';
import { comparisonSummary } from './comparator.js';
import { query } from './contract.js';
import { count } from './shapes.js';

/** Whose side failed; null where staff said that nothing is known. */
export const unknownComparison = comparisonSummary.extend({
  side: z.enum(['ours', 'baseline']).nullable(),
  /** No comparison of this app has come to a verdict since: it is what the board says of it. */
  isNewest: z.boolean(),
  /** The app can be compared again. */
  takesPart: z.boolean(),
});
export type UnknownComparison = z.infer<typeof unknownComparison>;

/**
 * Comparisons that ended unknown, newest first. `newest`: of each app that takes part its newest one, if that is unknown, however old.
 * `all`: those of the last days. `next`: ask for the rest with it as `skip`; null when there is none.
 */
export const ListUnknown = query(
  'ListUnknown',
  z.object({
    only: z.enum(['newest', 'all']).default('newest'),
    days: z.int().min(1).max(30).default(7),
    skip: count.default(0),
  }),
  z.object({ comparisons: z.array(unknownComparison), total: count, next: count.nullable() }),
);
