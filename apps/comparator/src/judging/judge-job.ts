import type { Endpoint } from '../domain/endpoints.js';
import type { EndpointLook, Fetched } from '../domain/look.js';
import type { Obligation } from '../domain/obligation.js';

/** A body that arrived with 200, or why there is none. `side` is whose failure it was. */
export type FetchedBody =
  | { readonly ok: true; readonly fetched: Fetched; readonly body: Uint8Array; readonly clock: string | null }
  | { readonly ok: false; readonly fetched: Fetched; readonly side: 'theirs' | 'ours' };

/** Everything that one look has to judge; goes to the judge's process and comes back as findings. */
export interface JudgeJob {
  readonly now: string;
  readonly seed: readonly [number, number];
  readonly slack: number;
  readonly acknowledgedEntries: number;
  readonly parts: readonly {
    readonly endpoint: Endpoint;
    readonly baseline: FetchedBody;
    readonly app: FetchedBody;
    readonly obligations: readonly Obligation[];
  }[];
}

export interface JudgeFindings {
  readonly endpoints: readonly EndpointLook[];
}
