import { z } from 'zod';
import { query, type ReplyOf } from './contract.js';
import { endpointParity } from './comparator.js';
import { count, id, instant, verdict } from './shapes.js';

/** The leaderboard is a read model: standings, history and log, folded from events alone. */

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
  /** Oldest first, at most 20. */
  recent: z.array(verdict).max(20),
  comparedAt: instant.nullable(),
  comparisonId: id.nullable(),
  inSyncSince: instant.nullable(),
  joinedAt: instant,
  traceId: z.string().nullable(),
});
export type BoardRow = z.infer<typeof boardRow>;

/** How far the open fill is, and how the last one ended. */
export const boardFill = z.object({
  open: z.object({ fillId: id, number: z.int(), startedAt: instant, done: count, total: count }).nullable(),
  last: z.object({ number: z.int(), closedAt: instant, filled: count, partly: count, givenUp: count }).nullable(),
});
export type BoardFill = z.infer<typeof boardFill>;

/**
 * What changed after revision `after`, oldest change first: after 0, everything. `more`: ask again after `revision`; a page ends
 * where the rows asked for, or the bytes of one answer, are used up.
 * Every change of a row has a revision of its own, and revisions become visible in their order: a page may end after any row.
 */
export const GetBoardChanges = query(
  'GetBoardChanges',
  z.object({ after: count.default(0), limit: z.int().min(1).max(100).default(100) }),
  z.object({ revision: count, rows: z.array(boardRow), left: z.array(id), fill: boardFill, more: z.boolean() }),
);
export type BoardChanges = ReplyOf<typeof GetBoardChanges>;

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
  }),
  z.object({ lines: z.array(logLine) }),
);
