import type { Endpoint } from './endpoints.js';
import type { EndpointLook, Fetched } from './look.js';
import { storableText } from './storable.js';
import type { PreflightCheck, PreflightLine, PreflightState } from '#libs/contracts/src/preflight.js';

/** How the first reading of one endpoint went. */
export interface PreflightRead {
  readonly endpoint: Endpoint;
  readonly fetched: Fetched;
  /** Whose failure it was that there is no body; null when there is one. */
  readonly failed: 'theirs' | 'ours' | null;
  /** What to do about the failure, where that is known. */
  readonly fix: string | null;
  /** What its `Date` header said. */
  readonly clock: string | null;
  /** Our time when it was asked, and when its answer was there; in ms. */
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** All that one visit saw: how the endpoints that this lab compares were read, and what the judge found in them, by path. */
export interface PreflightSeen {
  readonly url: string;
  readonly reads: readonly PreflightRead[];
  readonly looks: readonly EndpointLook[];
}

/** As long as the contract allows. */
const textCharsMax = 400;

interface Said {
  readonly next?: string | null;
  readonly ms?: number | null;
}

/** A line as it is stored and shown: what is foreign in it is cut, and holds nothing that a database refuses. */
export const lineOf = (
  check: PreflightCheck,
  state: PreflightState,
  sentence: string,
  { next = null, ms = null }: Said = {},
): PreflightLine => ({
  ...{ check, state, sentence: storableText(sentence, textCharsMax) },
  next: next === null ? null : storableText(next, textCharsMax),
  ms: ms === null ? null : Math.max(0, Math.round(ms)),
});

export const askAgain = 'Ask again in a moment; it says nothing about the app.';

/** Where an app wanted us to go, without what may be secret in it; null when it is no address. */
export function withoutQuery(leadsTo: string, from: string): URL | null {
  const url = URL.parse(leadsTo, from);
  if (!url || !['http:', 'https:'].includes(url.protocol)) return null;
  url.search = url.hash = url.username = url.password = '';
  return url;
}
