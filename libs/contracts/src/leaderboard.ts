import { z } from 'zod';
import { command, query, type ReplyOf } from './contract.js';
import { comparisonTrigger, endpointParity } from './comparator.js';
import { override } from './overrides.js';
import { actor, count, id, instant, verdict } from './shapes.js';
import { proofVerdict } from './windows.js';

/**
 * The leaderboard is a read model: standings, history and log, folded from events alone. What it shows is a function of the events
 * and a time: as of T it is what was known at T, so an event that comes late changes no board of the past. Every transaction that
 * changes the board has a time of its own, later than that of the one before it, whatever clocks do.
 */

/**
 * What windows have shown of an app: the worst of them on the day up to the newest that measured anything. `at`: when it was declared.
 * `ms`: how long it was down for reads or for writes, whichever was longer; null when the window proved nothing, which costs nobody
 * anything. Violated with 0 ms: a write was lost.
 */
export const downtime = z.object({ windowId: id, verdict: proofVerdict, ms: count.nullable(), at: instant });
export type Downtime = z.infer<typeof downtime>;

export const boardRow = z.object({
  appId: id,
  name: z.string(),
  team: z.string().nullable(),
  url: z.string(),
  /** Ties share a rank; null while nothing has been judged. */
  rank: z.int().positive().nullable(),
  verdict,
  sentence: z.string(),
  endpoints: z.array(endpointParity),
  rowsDifferent: count,
  acknowledged: count,
  lostAfterAck: count,
  refused: count,
  /** Null: never watched. */
  downtime: downtime.nullable(),
  /** Oldest first, at most 20. */
  recent: z.array(verdict).max(20),
  comparedAt: instant.nullable(),
  comparisonId: id.nullable(),
  inSyncSince: instant.nullable(),
  joinedAt: instant,
  traceId: z.string().nullable(),
  /**
   * Absent unless staff overruled the comparison that is shown. Verdict, sentence and rank are then what staff say; endpoints and
   * counts stay as they were measured.
   */
  override: override.optional(),
});
export type BoardRow = z.infer<typeof boardRow>;

/** How far the open fill is, and how the last one ended. */
export const boardFill = z.object({
  open: z.object({ fillId: id, number: z.int(), startedAt: instant, done: count, total: count }).nullable(),
  last: z.object({ number: z.int(), closedAt: instant, filled: count, partly: count, givenUp: count }).nullable(),
});
export type BoardFill = z.infer<typeof boardFill>;

/** The board stands still at `at` for everybody but staff: what became known later is hidden from them. */
export const freeze = z.object({ at: instant });
export type Freeze = z.infer<typeof freeze>;

/**
 * What changed after revision `after`, oldest change first: after 0, everything. `more`: ask again after `revision`; a page ends
 * where the rows asked for, or the bytes of one answer, are used up.
 * Every change of a row has a revision of its own, and revisions become visible in their order: a page may end after any row.
 */
export const GetBoardChanges = query(
  'GetBoardChanges',
  z.object({ after: count.default(0), limit: z.int().min(1).max(100).default(100) }),
  z.object({
    revision: count,
    rows: z.array(boardRow),
    left: z.array(id),
    fill: boardFill,
    more: z.boolean(),
    frozen: freeze.nullable(),
    /** Boards of the past are kept from then on. */
    since: instant,
  }),
);
export type BoardChanges = ReplyOf<typeof GetBoardChanges>;

/**
 * The board as it was known at a time, best first. `at` of the answer is that time, or the nearest one that is kept: ask for the
 * other pages with it, and they are of the same board. `next`: ask for the rest with it as `skip`; null when there is none.
 */
export const GetBoardAt = query(
  'GetBoardAt',
  z.object({ at: instant, skip: count.default(0), limit: z.int().min(1).max(500).default(500) }),
  z.object({ at: instant, since: instant, rows: z.array(boardRow), fill: boardFill, next: count.nullable() }),
);

export const knownVerdict = z.object({
  comparisonId: id,
  batchId: id,
  appId: id,
  appName: z.string(),
  trigger: comparisonTrigger,
  verdict,
  sentence: z.string(),
  computedAt: instant,
  traceId: z.string().nullable(),
  override: override.optional(),
});
export type KnownVerdict = z.infer<typeof knownVerdict>;
/** Verdicts that were known at `until`, newest first, with the names of then; of what was still looked at again then, none. */
export const ListVerdicts = query(
  'ListVerdicts',
  z.object({
    until: instant,
    appId: id.optional(),
    comparisonId: id.optional(),
    limit: z.int().min(1).max(100).default(20),
  }),
  z.object({ verdicts: z.array(knownVerdict) }),
);

/** Without `at`: as of now. Refused while it is frozen, so that a freeze never moves by itself. */
export const FreezeBoard = command(
  'FreezeBoard',
  z.object({ by: actor, at: instant.optional() }),
  z.object({ frozen: freeze }),
);
export const ThawBoard = command('ThawBoard', z.object({ by: actor }), z.object({ wasFrozenAt: instant }));

/** What staff did with the freeze, newest first. `boardAt`: the time it stood or stands still at. */
export const ListFreezes = query(
  'ListFreezes',
  z.object({}),
  z.object({
    freezes: z.array(z.object({ at: instant, action: z.enum(['freeze', 'thaw']), by: z.string(), boardAt: instant })),
  }),
);

export const logLine = z.object({
  line: z.int().positive(),
  at: instant,
  level: z.enum(['info', 'good', 'warning', 'bad']),
  appId: id.nullable(),
  text: z.string(),
  traceId: z.string().nullable(),
});
export type LogLine = z.infer<typeof logLine>;
/** Oldest first: the newest lines after `after`, as many as were asked for and fit into one answer. */
export const GetLog = query(
  'GetLog',
  z.object({
    after: count.default(0),
    limit: z.int().min(1).max(500).default(500),
    search: z.string().max(100).optional(),
    /** Only lines that were known then. */
    until: instant.optional(),
  }),
  z.object({ lines: z.array(logLine) }),
);
