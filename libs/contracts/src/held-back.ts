import { z } from 'zod';
import { previewedVerdict } from './board-preview.js';
import { command, query } from './contract.js';
import { actor, count, id, instant } from './shapes.js';

/**
 * Staff may compare and publish later: what a batch finds that is held back is theirs alone until they publish it. It is open for a
 * day; who neither publishes nor discards it until then has let it expire, which is the same as discarding it.
 */

/** One batch is open at a time. */
export const heldBackHours = 24;

export const heldBackState = z.enum(['open', 'published', 'discarded', 'expired']);

/** How a batch stands that was held back. */
export const heldBack = z.object({
  state: heldBackState,
  expiresAt: instant,
  /** Null while it is open. `endedBy` of one that expired is `lockstep`. */
  endedAt: instant.nullable(),
  endedBy: z.string().nullable(),
});
export type HeldBack = z.infer<typeof heldBack>;

export const heldBackBatch = heldBack.extend({
  batchId: id,
  by: z.string(),
  requestedAt: instant,
  /** Of those that were discarded nothing is left: 0. */
  total: count,
  done: count,
});
export type HeldBackBatch = z.infer<typeof heldBackBatch>;

/** The newest twenty of the last thirty days, an open one first. */
export const ListHeldBack = query('ListHeldBack', z.object({}), z.object({ batches: z.array(heldBackBatch) }));

/**
 * What an open batch would say, of its comparisons that are done: what the board ranks by. Refused when it is no longer open. `next`: ask
 * for the rest with it as `skip`.
 */
export const ListUnsaid = query(
  'ListUnsaid',
  z.object({ batchId: id, skip: count.default(0) }),
  z.object({ verdicts: z.array(previewedVerdict), next: count.nullable() }),
);

/**
 * The verdicts are said now, each with the time when it was computed: an app that has been judged since keeps the newer one. Refused
 * while comparisons of it are under way, and when it is no longer open. `said`: how many.
 */
export const PublishBatch = command(
  'PublishBatch',
  z.object({ batchId: id, by: actor }),
  z.object({ batchId: id, said: count }),
);

/** Nothing of it is ever said; its comparisons are deleted. Refused when it is no longer open. */
export const DiscardBatch = command('DiscardBatch', z.object({ batchId: id, by: actor }), z.object({ batchId: id }));
