import type { Verdict } from '#libs/contracts/src/shapes.js';

/** One difference, named so that two looks can be compared. `marker` and `what` tell it from every other. */
export interface Difference {
  readonly kind: 'missing' | 'changed' | 'doubled' | 'derived';
  readonly marker: string | null;
  /** For `derived`: the field of the statistics. */
  readonly what: string;
  readonly fill: number | null;
  readonly acknowledgedAt: string | null;
  readonly baseline: unknown;
  readonly app: unknown;
  readonly fields: readonly FieldOfDifference[];
}

export interface FieldOfDifference {
  readonly path: string;
  readonly kind: string;
  readonly baseline: unknown;
  readonly app: unknown;
}

export interface Fetched {
  readonly url: string;
  readonly status: number | null;
  readonly bodyBytes: number;
  readonly totalMs: number;
  /** What went wrong, one sentence; null when the body could be used. */
  readonly problem: string | null;
}

/** What one look found at one endpoint. */
export interface EndpointLook {
  readonly path: string;
  readonly label: string;
  readonly state: 'judged' | 'app-failed' | 'baseline-failed' | 'our-fault';
  readonly baseline: Fetched;
  readonly app: Fetched;
  readonly matched: number;
  readonly missing: number;
  readonly changed: number;
  readonly doubled: number;
  readonly derived: number;
  readonly outside: number;
  /** Obligations that the endpoint cannot show any more. */
  readonly behindWindow: number;
  readonly window: string;
  readonly note: string | null;
  readonly rules: readonly { readonly name: string; readonly reason: string; readonly hits: number }[];
  /** The first of them; the counts above count all. */
  readonly differences: readonly Difference[];
}

/** What one look at an app found: both sides were read together at `at`. */
export interface Look {
  readonly at: string;
  readonly acknowledged: number;
  readonly endpoints: readonly EndpointLook[];
}

export const differencesOf = (look: Look): number =>
  look.endpoints.reduce((sum, one) => sum + one.missing + one.changed + one.doubled + one.derived, 0);

export const differenceKey = (endpoint: EndpointLook, difference: Difference): string =>
  `${endpoint.path} ${difference.kind} ${difference.marker ?? ''} ${difference.what}`;

export function verdictOfEndpoint(endpoint: EndpointLook): Verdict {
  if (endpoint.state === 'app-failed') return 'unreachable';
  if (endpoint.state !== 'judged') return 'unknown';
  return endpoint.missing + endpoint.changed + endpoint.doubled + endpoint.derived > 0 ? 'out-of-sync' : 'in-sync';
}

/** One look by itself: what it would mean if it were the last. Ours and the baseline's failures come first: they blame nobody. */
export function verdictOfLook(look: Look): Verdict {
  const states = new Set(look.endpoints.map((endpoint) => endpoint.state));
  if (states.has('our-fault') || states.has('baseline-failed')) return 'unknown';
  if (look.acknowledged === 0 && !states.has('app-failed')) return 'pending';
  const verdicts = new Set(look.endpoints.map(verdictOfEndpoint));
  if (verdicts.has('out-of-sync')) return 'out-of-sync';
  return verdicts.has('unreachable') ? 'unreachable' : 'in-sync';
}
