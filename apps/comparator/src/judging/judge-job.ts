import type { Endpoint } from '../domain/endpoints.js';
import type { EndpointLook, Fetched } from '../domain/look.js';
import type { KeptLedger } from '../domain/kept-ledger.js';
import type { Ledger, Obligation } from '../domain/obligation.js';

/** A body that arrived with 200, or why there is none. `side` is whose failure it was, `fix` what to do about it. */
export type FetchedBody =
  | { readonly ok: true; readonly fetched: Fetched; readonly body: Uint8Array; readonly clock: string | null }
  | { readonly ok: false; readonly fetched: Fetched; readonly side: 'theirs' | 'ours'; readonly fix?: string };

/** What both sides answered at one endpoint. */
export interface FetchedPair {
  readonly endpoint: Endpoint;
  readonly baseline: FetchedBody;
  readonly app: FetchedBody;
}

export interface JudgePart extends FetchedPair {
  /** What the app was sent of this endpoint's kind; empty for statistics. */
  readonly ledger: Ledger | KeptLedger;
  /** What the second baseline answered at the same time, and the writes that both baselines have acknowledged. */
  readonly shadow?: { readonly fetched: FetchedBody; readonly common: readonly Obligation[] };
  /** The app's answer to the same question of a browser, where it was asked. */
  readonly asBrowser?: FetchedBody;
}

/** Everything that one look has to judge; goes to the judge's process and comes back as findings. */
export interface JudgeJob {
  readonly now: string;
  readonly seed: readonly [number, number];
  readonly slack: number;
  /** Entries that the app acknowledged, whether their list is compared or not. */
  readonly acknowledgedEntries: number;
  readonly parts: readonly JudgePart[];
  /** The lists read once more, after the statistics: then only these are judged, between the two. */
  readonly later?: readonly FetchedPair[];
}

export interface JudgeFindings {
  readonly endpoints: readonly EndpointLook[];
}
