import { z } from 'zod';
import { command, query, type ReplyOf } from './contract.js';
import { actor, count, id, instant } from './shapes.js';

/** What every service answers about its own bus: dead letters, ledger, progress. Asked by the gateway for operators. */

export const heldState = z.enum(['retrying', 'waiting', 'dead', 'discarded']);

/** An event that could not be applied: it is retried, then dead; later events of its key wait behind it. */
export const heldEvent = z.object({
  eventId: id,
  service: z.string(),
  log: z.string(),
  n: z.int().positive(),
  name: z.string(),
  key: z.string(),
  state: heldState,
  attempts: count,
  nextAt: instant.nullable(),
  error: z.string().nullable(),
  traceId: z.string().nullable(),
  heldAt: instant,
});
export type HeldEvent = z.infer<typeof heldEvent>;

export const ListHeld = query(
  'ListHeld',
  z.object({
    states: z.array(heldState).max(4).default(['retrying', 'waiting', 'dead']),
    /** Only events of this name. */
    name: z.string().max(100).optional(),
    /** The `next` of the page before. */
    after: count.default(0),
    limit: z.int().min(1).max(500).default(100),
  }),
  z.object({ events: z.array(heldEvent), total: count, next: count.nullable() }),
);
export const ShowHeld = query(
  'ShowHeld',
  z.object({ eventId: id }),
  z.object({
    event: heldEvent,
    body: z.unknown(),
    audit: z.array(z.object({ at: instant, by: z.string(), action: z.string(), note: z.string().nullable() })),
  }),
);
/** Applies a dead event again, with the same id: it can take effect once at most. */
export const ReplayHeld = command('ReplayHeld', z.object({ eventId: id, by: actor }), z.object({ event: heldEvent }));
/** Gives a dead event up for good; what waited behind it goes on. */
export const DiscardHeld = command(
  'DiscardHeld',
  z.object({ eventId: id, by: actor, reason: z.string().min(1).max(300) }),
  z.object({ event: heldEvent }),
);

/** Numbers above `after` up to `upto`, in ranges of `size`. */
const span = z.object({ after: count, upto: count, size: z.int().positive() });
/** A digest of one range of numbers, to be compared without moving the rows: how many events, and a hash of their ids. */
const ledgerRange = z.object({ from: z.int().positive(), count, hash: z.string() });

/** `wanted`: only events of these names count. `pruned`: rows up to there are gone. */
export const LedgerCommitted = query(
  'LedgerCommitted',
  z.object({ wanted: z.array(z.string()), span }),
  z.object({ head: count, pruned: count, unnumbered: count, ranges: z.array(ledgerRange) }),
);
/** `swept`: the record of what was applied up to there is gone. */
export const LedgerApplied = query(
  'LedgerApplied',
  z.object({ log: z.string(), span }),
  z.object({ cursor: count, swept: count, ranges: z.array(ledgerRange), outOfOrder: count }),
);
/** The single events of a span, where two digests differ. */
export const LedgerEvents = query(
  'LedgerEvents',
  z.object({ log: z.string(), wanted: z.array(z.string()), span }),
  z.object({ events: z.array(z.object({ n: z.int(), eventId: z.string(), times: z.int() })) }),
);

/** How far a service is: zero everywhere means that it has nothing left to do now. */
export const GetProgress = query(
  'GetProgress',
  z.object({}),
  z.object({
    head: count,
    published: count,
    unnumbered: count,
    cursors: z.record(z.string(), count),
    held: z.object({ retrying: count, waiting: count, dead: count }),
    work: z.object({ due: count, leased: count, later: count, oldestDueSeconds: z.number().nonnegative() }),
  }),
);
export type Progress = ReplyOf<typeof GetProgress>;
