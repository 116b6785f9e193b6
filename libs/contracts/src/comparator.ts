import { z } from 'zod';
import { command, event, query, type ReplyOf } from './contract.js';
import { heldBack } from './held-back.js';
import { override, overrideEntry } from './overrides.js';
import { activeAppsMax, actor, count, id, instant, verdict } from './shapes.js';

/** The comparator owns obligations, sightings and verdicts. */

export const comparisonTrigger = z.enum(['staff', 'nats', 'schedule', 'first-fill']);
export type ComparisonTrigger = z.infer<typeof comparisonTrigger>;

/**
 * One compared endpoint on the board: counts only, rows are read with GetComparison. What has not been there at every look is in no
 * count; an endpoint where nothing else differs is `pending`, and its note says so.
 */
export const endpointParity = z.object({
  path: z.string(),
  label: z.string(),
  verdict,
  /** Rows of the obligation that the app shows as they should be. */
  matched: count,
  missing: count,
  /** Only in labs that ask for the full history: rows that the baseline shows and the app does not, and never acknowledged. */
  absent: count.optional(),
  changed: count,
  doubled: count,
  /** Rows outside the obligation: counted, never a difference. */
  outside: count,
  note: z.string().max(500).nullable(),
  /** Rows that were written only to the baseline; absent when there are none. */
  foreign: count.optional(),
});
export type EndpointParity = z.infer<typeof endpointParity>;

/**
 * A verdict on one app at one moment. It is never changed; a later one takes its place on the board. `pending` says that nothing has
 * been judged: there is nothing to compare yet, or another look is coming; then `endpoints` is empty and every count is 0.
 */
export const ParityComputed = event(
  'ParityComputed',
  z.object({
    comparisonId: id,
    batchId: id,
    appId: id,
    trigger: comparisonTrigger,
    verdict: verdict.exclude(['unknown']),
    /** The whole matter in one sentence. */
    sentence: z.string().max(500),
    endpoints: z.array(endpointParity).max(20),
    rowsDifferent: count,
    acknowledged: count,
    lostAfterAck: count,
    looks: z.int().positive(),
    computedAt: instant,
  }),
  (data) => data.appId,
);

/** We could not judge, and it costs the app nothing: our own side or the baseline failed. */
export const ComparisonFailed = event(
  'ComparisonFailed',
  z.object({
    comparisonId: id,
    batchId: id,
    appId: id,
    trigger: comparisonTrigger,
    side: z.enum(['ours', 'baseline']),
    sentence: z.string().max(500),
    computedAt: instant,
  }),
  (data) => data.appId,
);

/** Staff ask for one, some or all apps to be compared with the baseline. An app that is already queued joins its comparison. */
export const CompareApps = command(
  'CompareApps',
  z.object({
    apps: z.union([z.literal('all'), z.array(id).min(1).max(activeAppsMax)]),
    by: actor.default('staff'),
    trigger: comparisonTrigger.default('staff'),
    /** Found by staff alone, until they publish it. */
    hold: z.boolean().default(false),
  }),
  z.object({ batchId: id, comparisons: z.array(z.object({ comparisonId: id, appId: id })) }),
);

export const compareSchedule = z.object({
  on: z.boolean(),
  intervalSeconds: z.int().min(5).max(86_400),
  nextCompareAt: instant.nullable(),
});
export type CompareSchedule = z.infer<typeof compareSchedule>;
export const SetCompareSchedule = command(
  'SetCompareSchedule',
  z.object({ by: actor, on: z.boolean().optional(), intervalSeconds: z.int().min(5).max(86_400).optional() }),
  compareSchedule,
);
export const GetCompareSchedule = query('GetCompareSchedule', z.object({}), compareSchedule);

export const comparisonState = z.enum(['queued', 'comparing', 'second-look', 'done']);
export const comparisonSummary = z.object({
  comparisonId: id,
  batchId: id,
  appId: id,
  appName: z.string(),
  trigger: comparisonTrigger,
  state: comparisonState,
  verdict,
  sentence: z.string(),
  requestedAt: instant,
  computedAt: instant.nullable(),
  traceId: z.string().nullable(),
  /** Absent while the comparison speaks for itself; else `verdict` and `sentence` are what staff say. */
  override: override.optional(),
});
export type ComparisonSummary = z.infer<typeof comparisonSummary>;

/**
 * `comparisons` is one page, what wants attention first: those under way, then out of sync, unreachable, unknown, pending, in sync.
 * `next`: ask for the rest with it as `skip`; null when there is none.
 */
export const GetBatch = query(
  'GetBatch',
  z.object({ batchId: id, skip: count.default(0) }),
  z.object({
    batchId: id,
    by: z.string(),
    requestedAt: instant,
    total: count,
    done: count,
    comparisons: z.array(comparisonSummary),
    next: count.nullable(),
    /** Of one that is or was held back; absent of all others. */
    heldBack: heldBack.optional(),
  }),
);
/** Newest first; fewer than asked for when more would not fit into one answer. */
export const ListComparisons = query(
  'ListComparisons',
  z.object({ appId: id.optional(), limit: z.int().min(1).max(100).default(20) }),
  z.object({ comparisons: z.array(comparisonSummary) }),
);

/**
 * One difference as it is shown: both sides of a row, aligned; `fields` names only what differs. Of a doubled row `app` is an array of
 * both rows. Everything foreign is cut to about 2 kB a row and holds no character that a database or a page could choke on.
 */
export const rowDifference = z.object({
  kind: z.enum(['missing', 'absent', 'changed', 'doubled', 'derived']),
  marker: z.string().nullable(),
  /** What the app acknowledged: when, in which fill. Null where no write of ours stands behind it: statistics, and what is around the rows. */
  acknowledgedAt: instant.nullable(),
  fill: z.int().positive().nullable(),
  baseline: z.unknown(),
  app: z.unknown(),
  fields: z.array(z.object({ path: z.string(), baseline: z.unknown(), app: z.unknown(), kind: z.string() })),
  sentence: z.string(),
});
export type RowDifference = z.infer<typeof rowDifference>;

/**
 * At most five, largest first: rows grouped by what probably happened. An app that is unreachable has its reasons here, one that came
 * late how late: then `rows` are no differences. What was judged before `mistake` and `follows` were told has neither.
 */
export const cause = z.object({
  name: z.string(),
  sentence: z.string(),
  rows: count,
  endpoints: z.array(z.string()),
  hint: z.string(),
  /** The mistake in a migration that it is typical of: a stable name, and a title for people. */
  mistake: z.object({ name: z.string(), title: z.string() }).optional(),
  /** Figures of the statistics that differ only because of this; they have no cause of their own. */
  follows: z.array(z.string()).optional(),
});
export type Cause = z.infer<typeof cause>;

export const fetchedSide = z.object({
  url: z.string(),
  status: z.int().nullable(),
  bodyBytes: count,
  totalMs: z.number(),
  problem: z.string().nullable(),
});
export const endpointDetail = endpointParity.extend({
  baseline: fetchedSide,
  app: fetchedSide,
  /** What was looked at, as words that follow "Shows": "all 12 rows that the app acknowledged since it joined". Empty when nothing was read. */
  window: z.string(),
  /** Of the rows that match: those in which something differs that a rule hides. */
  explained: count,
  rules: z.array(z.object({ name: z.string(), reason: z.string(), hits: count })),
  differences: z.array(rowDifference),
  differencesTotal: count,
});
export type EndpointDetail = z.infer<typeof endpointDetail>;

/**
 * Why an app may not show data of its own; for staff only. `proof`: what it shows can't be explained otherwise, and the verdict holds it
 * against the app. `hint`: it may be explained otherwise, and is held against nobody. `note`: nothing but worth knowing.
 */
export const suspicion = z.object({
  kind: z.enum(['baseline-rows', 'redirect', 'special-answers']),
  strength: z.enum(['proof', 'hint', 'note']),
  path: z.string(),
  sentence: z.string().max(700),
  /** A few rows that show it: when each was written, and how each side shows it. */
  rows: z.array(
    z.object({
      marker: z.string(),
      fill: z.int().positive(),
      writtenAt: instant.nullable(),
      sides: z.array(z.object({ name: z.string(), row: z.unknown() })),
    }),
  ),
});
export type Suspicion = z.infer<typeof suspicion>;

export const GetComparison = query(
  'GetComparison',
  z.object({ comparisonId: id }),
  z.object({
    comparison: comparisonSummary.extend({
      /** The addresses that were read; before the first look those that will be. */
      appUrl: z.string(),
      baselineUrl: z.string(),
      /** The version of the rules that it is judged by; null before its first look, and of what is older than versions. */
      rulesVersion: z.int().positive().nullable(),
      looks: count,
      acknowledged: count,
      lostAfterAck: count,
      causes: z.array(cause),
      endpoints: z.array(endpointDetail),
      /** Left out for visitors, both. What staff did with the verdict: the newest first, at most 20. */
      suspicions: z.array(suspicion).optional(),
      overrides: z.array(overrideEntry).optional(),
      /** Only of one that staff hold back; visitors are told that it does not exist. */
      isHeldBack: z.literal(true).optional(),
    }),
  }),
);
export const suspect = z.object({
  appId: id,
  appName: z.string(),
  /** The newest comparison that found something, how many of the app's newest ones did, and the strongest of what it found. */
  comparisonId: id,
  computedAt: instant,
  comparisons: z.object({ suspicious: count, looked: count }),
  strongest: suspicion.pick({ kind: true, strength: true, path: true, sentence: true }),
});
export type Suspect = z.infer<typeof suspect>;
/** Apps that take part and in whose newest comparisons something points to the baseline's data, the strongest first; for staff. */
export const ListSuspects = query('ListSuspects', z.object({}), z.object({ suspects: z.array(suspect) }));

export type ComparisonDetail = ReplyOf<typeof GetComparison>['comparison'];

/**
 * What has been seen of a write that the app acknowledged. Failures of our side and of the baseline see nothing.
 *   visible  the last comparison that judged its endpoint saw it
 *   lost     it must be shown, and was not there at any look of that comparison
 *   behind   it was not looked for any more: newer rows have pushed it out of what the endpoint shows
 *   waiting  not looked for yet: its fill is open, or no comparison has judged its endpoint since
 *   excused  the app does not answer for it: from before it joined, or sent to an address that it has left
 */
export const sightingState = z.enum(['visible', 'lost', 'behind', 'waiting', 'excused']);
export type SightingState = z.infer<typeof sightingState>;

export const sighting = z.object({
  marker: z.string(),
  fill: z.int().positive(),
  state: sightingState,
  /** Null: never seen. */
  firstSeenAt: instant.nullable(),
  /** Of a visible one the last look at its endpoint. */
  lastSeenAt: instant.nullable(),
  /** When it was first found lost, last time; stays when it has come back. */
  lostAt: instant.nullable(),
  /** When it was found there twice; null when it is not. */
  doubledAt: instant.nullable(),
});
export type Sighting = z.infer<typeof sighting>;

/** `doubled` are visible ones; the others add up to `acknowledged`, which are those of the last 30 days in parts that have ended. */
export const sightingTotals = z.object({
  acknowledged: count,
  visible: count,
  lost: count,
  behind: count,
  waiting: count,
  excused: count,
  doubled: count,
});
export type SightingTotals = z.infer<typeof sightingTotals>;

/** Position in the order of writing. */
export const writePlace = z.object({ fill: z.int().positive(), index: count });
export type WritePlace = z.infer<typeof writePlace>;

/** Of these markers, or all those of one kind that the app answers for, newest first; `next`: ask for the rest with it as `before`. */
export const ListSightings = query(
  'ListSightings',
  z.object({
    appId: id,
    markers: z.array(z.string().max(16)).max(200).optional(),
    only: z.enum(['lost', 'doubled']).optional(),
    before: writePlace.optional(),
    limit: z.int().min(1).max(200).default(60),
  }),
  z.object({ totals: sightingTotals, sightings: z.array(sighting), next: writePlace.nullable() }),
);
