import { z } from 'zod';
import { command, query, type ReplyOf } from './contract.js';
import { count, id, instant } from './shapes.js';

/**
 * A look at an app before it is submitted, which counts nowhere. The comparator reads it as it reads apps that take part; the filler, if
 * the asker wants it, writes one entry and looks for it. Both forget it within the hour.
 */

/** In the order in which they are shown. */
export const preflightCheck = z.enum([
  'address', // it can be read, and leads to the public internet
  'name', // DNS knows it
  'answers', // somebody answers there, and does not send us elsewhere
  'moods',
  'entries',
  'stats',
  'values',
  'clock', // its `Date` is ours, give or take some seconds
  'write', // an entry that it acknowledges is in its list
]);
export type PreflightCheck = z.infer<typeof preflightCheck>;

/**
 *   passed   as it should be
 *   warned   it may take part; what it may cost is said
 *   failed   as it is now, it would be called unreachable or out of sync; `next` says what to do
 *   skipped  not looked at, as something before it failed, or nobody asked for it
 *   unknown  our side failed; it says nothing about the app
 */
export const preflightState = z.enum(['passed', 'warned', 'failed', 'skipped', 'unknown']);
export type PreflightState = z.infer<typeof preflightState>;

export const preflightLine = z.object({
  check: preflightCheck,
  state: preflightState,
  /** What was seen. */
  sentence: z.string().max(400),
  /** What to do about it; null where there is nothing to do. */
  next: z.string().max(400).nullable(),
  /** How long the app took, where it was asked. */
  ms: count.nullable(),
});
export type PreflightLine = z.infer<typeof preflightLine>;

const lines = z.array(preflightLine).max(preflightCheck.options.length);

/** Repeated with the same id it takes effect once. Refuses what is no public address (`url-not-allowed`), and too many at once (`limit-reached`). */
export const BeginPreflight = command(
  'BeginPreflight',
  z.object({ preflightId: id, url: z.string().trim().min(1).max(500) }),
  z.object({ preflightId: id, url: z.string() }),
);

/** Null: not known here, or forgotten. `isOver` false: lines that are missing are being looked at. `isReadable`: all four endpoints can be compared. */
export const GetPreflight = query(
  'GetPreflight',
  z.object({ preflightId: id }),
  z.object({
    preflight: z
      .object({ url: z.string(), askedAt: instant, isOver: z.boolean(), isReadable: z.boolean(), lines })
      .nullable(),
  }),
);
export type ReadPreflight = NonNullable<ReplyOf<typeof GetPreflight>['preflight']>;

/** One entry, marked as ours, and a look at the list; for an app that could be read. Repeated with the same id it writes once. */
export const BeginTrialWrite = command(
  'BeginTrialWrite',
  z.object({ preflightId: id, url: z.string().max(500) }),
  z.object({ preflightId: id }),
);

/** Null: nobody asked for it, or it is forgotten. `line` null: it is under way. */
export const GetTrialWrite = query(
  'GetTrialWrite',
  z.object({ preflightId: id }),
  z.object({ trial: z.object({ askedAt: instant, line: preflightLine.nullable() }).nullable() }),
);

/** At once, in the whole lab, in each of the two services. */
export const preflightsAtOnceMax = 8;

/** What the gateway shows: all lines in their order; those that are not there yet are `waiting`. */
export const preflightView = z.object({
  preflightId: id,
  url: z.string(),
  askedAt: instant,
  /** `reading`, then, where it was asked for, `writing`, then `over`. */
  state: z.enum(['reading', 'writing', 'over']),
  /** Whether the trial write may be asked for now: everything could be read, and it was not asked for yet. */
  mayWrite: z.boolean(),
  lines: z.array(preflightLine.extend({ state: z.enum([...preflightState.options, 'waiting']) })),
  /** "8 of 9 passed. …": one sentence of what it means. */
  sentence: z.string(),
});
export type PreflightView = z.infer<typeof preflightView>;
