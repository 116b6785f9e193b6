import { z } from 'zod';
import { compareSchedule } from './comparator.js';
import { boardFill, boardRow, logLine } from './leaderboard.js';
import { heldEvent, ShowHeld } from './operations.js';
import { count, id, instant } from './shapes.js';
import { fillAutomation } from './submission.js';

/** What the public door shows: shapes of its answers that no single service owns. Used by the pages and the command line. */

export const timers = z.object({
  fill: fillAutomation.nullable(),
  compare: compareSchedule.nullable(),
});
export type Timers = z.infer<typeof timers>;

/** The scoreboard is frozen. `hides`: what became known after `at` is left out, as for everybody but staff. */
export const boardFreeze = z.object({ at: instant, hides: z.boolean() });
export type BoardFreeze = z.infer<typeof boardFreeze>;

/**
 * Everything a board needs to show itself. `missing` names services that did not answer: what they own may be old. A board of the
 * past, or one that is frozen, has revision 0 and no timers; `asOf` is then the time it shows.
 */
export const boardView = z.object({
  revision: count,
  asOf: instant,
  frozen: boardFreeze.nullable(),
  /** Boards of the past can be asked for from then on; null while that is not known. */
  since: instant.nullable(),
  rows: z.array(boardRow),
  fill: boardFill,
  timers,
  missing: z.array(z.string()),
});
export type BoardView = z.infer<typeof boardView>;

/** One message of the live stream. `reset`: forget what you have, these rows are all there is. */
export const boardUpdate = z.object({
  revision: count,
  asOf: instant,
  frozen: boardFreeze.nullable(),
  since: instant.nullable(),
  reset: z.boolean(),
  rows: z.array(boardRow),
  left: z.array(id),
  fill: boardFill,
  timers,
  log: z.array(logLine),
  missing: z.array(z.string()),
});
export type BoardUpdate = z.infer<typeof boardUpdate>;

export const signedIn = z.object({ name: z.string(), role: z.enum(['staff', 'admin']), expiresAt: instant });
export type SignedIn = z.infer<typeof signedIn>;

export const newPassword = z.object({ name: z.string(), password: z.string() });
export type NewPassword = z.infer<typeof newPassword>;

export const traceSummary = z.object({
  traceId: z.string(),
  name: z.string(),
  service: z.string(),
  startedAt: instant,
  durationMs: z.number(),
  spans: count,
  failed: count,
  services: z.array(z.string()),
});
export type TraceSummary = z.infer<typeof traceSummary>;

export const traceSpan = z.object({
  spanId: z.string(),
  parentId: z.string().nullable(),
  service: z.string(),
  name: z.string(),
  kind: z.string(),
  /** Milliseconds since the trace began. */
  startMs: z.number(),
  durationMs: z.number(),
  failed: z.boolean(),
  message: z.string().nullable(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type TraceSpan = z.infer<typeof traceSpan>;
/** `spansTotal`: how many there are; a long trace shows only its first, and those of the comparison that was asked for. */
export const traceView = z.object({
  traceId: z.string(),
  startedAt: instant,
  durationMs: z.number(),
  spans: z.array(traceSpan),
  spansTotal: count,
});
export type TraceView = z.infer<typeof traceView>;

/**
 * Events that are held back, of all services. `next`: ask for the rest with it as `after`; null when there is none. `total`: of the
 * services that this page was read from. `missing`: services that did not answer.
 */
export const heldPage = z.object({
  events: z.array(heldEvent),
  total: count,
  next: z.string().nullable(),
  missing: z.array(z.string()),
});
export type HeldPage = z.infer<typeof heldPage>;

/** One event, with each service that holds it back: they fail and are put right independently. */
export const heldByServices = z.object({ held: z.array(ShowHeld.reply), missing: z.array(z.string()) });
export type HeldByServices = z.infer<typeof heldByServices>;

/** How much is left of a limit of the door; `resetsAt`: when all of it is there again, null while none of it is used. */
export const limitLeft = z.object({ max: count, left: count, withinMinutes: count, resetsAt: instant.nullable() });
export type LimitLeft = z.infer<typeof limitLeft>;

/** The limits of whoever asks; `newApps` is null for staff, who have none. */
export const ownLimits = z.object({ newApps: limitLeft.nullable() });
export type OwnLimits = z.infer<typeof ownLimits>;

/** What a submission gives back; the claim code is shown this once. `newApps` as in the limits; null when this did not count. */
export const submittedApp = z.object({
  appId: id,
  name: z.string(),
  pseudonym: z.string().nullable(),
  url: z.string(),
  joinedAt: instant,
  created: z.boolean(),
  claimCode: z.string().nullable(),
  newApps: limitLeft.nullable(),
});
export type SubmittedApp = z.infer<typeof submittedApp>;
