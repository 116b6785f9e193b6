import type { BrowserFindings } from './as-browser.js';
import type { CanaryFindings } from './canaries.js';
import type { KeysGivenAgain } from './keys-given-again.js';
import type { MeasuredNoise } from './noise.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

/**
 * `absent`: inherited and not there; never acknowledged, so it is not lost. `foreign`: a row that was written only to the baseline; it
 * is counted and found, and shown to staff only.
 */
export type DifferenceName = 'missing' | 'absent' | 'changed' | 'doubled' | 'derived' | 'foreign';

/** One difference with its rows, for people. Everything foreign in it is storable. */
export interface Difference {
  readonly kind: Exclude<DifferenceName, 'foreign'>;
  /** Null where no write of ours stands behind it: what is around the rows, and statistics. */
  readonly marker: string | null;
  /** Where there is no marker: the path around the rows, or the field of the statistics. */
  readonly what: string;
  readonly fill: number | null;
  readonly acknowledgedAt: string | null;
  readonly baseline: unknown;
  /** Of a doubled row: both rows. */
  readonly app: unknown;
  readonly fields: readonly FieldOfDifference[];
}

export interface FieldOfDifference {
  readonly path: string;
  readonly kind: string;
  readonly baseline: unknown;
  readonly app: unknown;
}

/**
 * A difference by name, so that looks can be compared: its kind, its marker or what it is, and the fill of the write. `place` is how
 * many rows that the endpoint was asked for stand before it in the order of writing: it tells a range from what is scattered.
 */
export type Found = readonly [kind: DifferenceName, name: string, fill: number | null, place?: number];

export const foundOf = ({ kind, marker, what, fill }: Difference): Found => [kind, marker ?? what, fill];

export interface Fetched {
  readonly url: string;
  readonly status: number | null;
  readonly bodyBytes: number;
  readonly totalMs: number;
  /** What went wrong, one sentence; null when the body could be used. */
  readonly problem: string | null;
  /** Where a redirect would have led; for staff. */
  readonly leadsTo?: string;
  /** The same as a word: a code of `egress`, or one of these. */
  readonly failure?: 'status' | 'shape' | 'unjudgeable' | (string & {}) | undefined;
}

/** Zones side by side: minutes east of UTC of the first and the last one. */
export interface ZoneRange {
  readonly first: number;
  readonly last: number;
}

/** What one look found at one endpoint. */
export interface EndpointLook {
  readonly path: string;
  readonly label: string;
  /** `unsettled`: only in what is made of several looks; this endpoint was not the same at all of them. */
  readonly state: 'judged' | 'app-failed' | 'baseline-failed' | 'our-fault' | 'unsettled';
  readonly baseline: Fetched;
  readonly app: Fetched;
  readonly matched: number;
  /** Of these: rows that differ in what a rule hides. Looks that were stored before this was counted have none. */
  readonly explained?: number;
  readonly missing: number;
  /** Rows, and places around the rows. */
  readonly changed: number;
  readonly doubled: number;
  readonly derived: number;
  /** Only with full history: rows of the baseline that were judged beside the acknowledged ones, and those of them that are not there. */
  readonly inherited?: number;
  readonly absent?: number;
  /** Rows that neither side shows as they were written: nobody can say whose fault that is. */
  readonly undecided: number;
  readonly outside: number;
  /** Acknowledged rows that the endpoint cannot show any more. */
  readonly behindWindow: number;
  /** Those of them that were looked for, by marker; not kept when the comparison is over. */
  readonly behind?: readonly string[];
  readonly window: string;
  readonly note: string | null;
  readonly rules: readonly { readonly name: string; readonly reason: string; readonly hits: number }[];
  /** What the baseline and its shadow differed in at this look. None without a shadow. */
  readonly noise?: readonly MeasuredNoise[];
  /** Every difference, in the order of writing; the first `foundMax` of them. */
  readonly found: readonly Found[];
  /** The first of them with their rows; the counts above count all. */
  readonly differences: readonly Difference[];
  /** Rows that were written only to the baseline and that it shows as its own; absent when there are none. */
  readonly foreign?: number;
  /** What was found of such rows, for staff; absent when nothing. */
  readonly canaries?: CanaryFindings;
  /** How it answered a browser, when it was asked as one and said something else; for staff. */
  readonly asBrowser?: BrowserFindings;
  /** Rows of the obligation that it was asked for: those of `found` have their places among them. */
  readonly asked?: number;
  /** Ids of newer rows that rows which are missing had before. */
  readonly keysAgain?: KeysGivenAgain;
  /** Only in what is made of several looks: rows that are missing, that were there at another look, and that this happened to again. */
  readonly comingAndGoing?: readonly string[];
  /** The time zones whose midnights explain statistics that do not follow in UTC. */
  readonly zone?: ZoneRange | undefined;
}

/** Differences that are named; the counts go on counting. */
export const foundMax = 5_000;

/** What one look at an app found: both sides were read together at `at`. */
export interface Look {
  readonly at: string;
  readonly acknowledged: number;
  /** Fills that have closed since the app joined. */
  readonly fillsClosed: number;
  /** The newest fill whose writes were looked for; missing in looks that were stored before sightings were. */
  readonly closedFill?: number;
  readonly endpoints: readonly EndpointLook[];
}

/** An older look, as far as later ones need it: without rows. What it could not show is kept, as it was not there to be seen. */
export const withoutRows = (look: Look): Look => ({
  ...look,
  endpoints: look.endpoints.map(({ canaries: _, ...endpoint }) => ({
    ...endpoint,
    rules: [],
    differences: [],
  })),
});

export const differencesAt = ({ missing, absent = 0, changed, doubled, derived, foreign = 0 }: EndpointLook): number =>
  missing + absent + changed + doubled + derived + foreign;

export const inheritedOf = (look: Look): number => look.endpoints.reduce((sum, one) => sum + (one.inherited ?? 0), 0);

export const differencesOf = (look: Look): number => look.endpoints.reduce((sum, one) => sum + differencesAt(one), 0);

export function verdictOfEndpoint(endpoint: EndpointLook): Verdict {
  if (endpoint.state === 'app-failed') return 'unreachable';
  if (endpoint.state === 'unsettled' && differencesAt(endpoint) === 0) return 'pending';
  if (endpoint.state !== 'judged' && endpoint.state !== 'unsettled') return 'unknown';
  if (differencesAt(endpoint) > 0) return 'out-of-sync';
  return endpoint.undecided > 0 ? 'unknown' : 'in-sync';
}

/** One look by itself: what it would mean if it were the last. Ours and the baseline's failures come first: they blame nobody. */
export function verdictOfLook(look: Look): Verdict {
  const states = new Set(look.endpoints.map((endpoint) => endpoint.state));
  if (states.has('our-fault') || states.has('baseline-failed')) return 'unknown';
  if (look.acknowledged + inheritedOf(look) === 0 && !states.has('app-failed')) return 'pending';
  const verdicts = new Set(look.endpoints.map(verdictOfEndpoint));
  if (verdicts.has('out-of-sync')) return 'out-of-sync';
  if (verdicts.has('unreachable')) return 'unreachable';
  return verdicts.has('unknown') ? 'unknown' : 'in-sync';
}
