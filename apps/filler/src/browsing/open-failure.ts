import type { OpenFailure } from './messages.js';
import { egressCodes, type EgressCode } from '#libs/egress/src/egress-code.js';

/** Why a visit ended before its time. */
export type VisitEnd = 'crashed' | 'gone' | 'memory' | 'requests' | 'time' | 'closed';

/** What is known of a page that did not open. */
export interface NotOpened {
  /** Why the proxy let nothing through to the app's own origin, if it did not. */
  readonly refused: EgressCode | undefined;
  /** `net::ERR_…`, as the browser said it. */
  readonly errorText: string | undefined;
  /** Of the document; 0 when there was none. */
  readonly status: number;
  /** Why the visit was over, if it was. */
  readonly end: VisitEnd | undefined;
  /** Requests for other origins that were stopped. */
  readonly strayRequests: number;
  /** Whether our own process stood still meanwhile. */
  readonly stalled: boolean;
}

/**
 * Whose side it is that a page did not open, and whether the app may be filled without one. Ours before theirs: what stood still, our DNS,
 * our limits and our browser say nothing about an app. Only what the proxy itself found out is told as the app's fault for good; of a
 * page that is broken, slow or without forms its API may still do.
 */
export function whyNotOpened(known: NotOpened): OpenFailure {
  const { end } = known;
  if (end === 'memory' || end === 'requests') return theirs(tooMuch[end]);
  if (end === 'crashed' || end === 'gone') return ours('The browser broke off while the page was opening.');
  const refused = proxyStatus.has(known.status) ? known.refused : undefined;
  if (refused === 'connection-lost') return theirs('The app closed the connection before its page came.');
  if (refused !== undefined && !hidden.has(refused)) {
    const { side, sentence } = egressCodes[refused];
    return { side, tryHttp: false, sentence: `The app could not be reached: ${sentence} (${refused}).` };
  }
  if (known.stalled) return ours('The lab itself was too busy to keep time.');
  if (known.status >= 400) return theirs(`The page answered ${known.status}.`);
  const error = /ERR_[A-Z0-9_]+/.exec(known.errorText ?? '')?.[0];
  if (error === 'ERR_BLOCKED_BY_CLIENT') return theirs('The page leads to another address, and nobody follows.');
  if (error) return theirs(`The page could not be opened (${error}).`);
  if (known.status === 0) return theirs('The page did not open in time.');
  const stray = known.strayRequests > 0 ? ` ${known.strayRequests} requests to elsewhere were not let through.` : '';
  return theirs(`The page shows no forms to fill.${stray}`);
}

/** Not about reaching the app: what the page did to its own visit, and what belongs to us. */
const hidden: ReadonlySet<EgressCode> = new Set(['page-limit', 'not-opened', 'proxy-token', 'aborted']);
/** What the document has when the proxy, not the app, gave it: none through a tunnel. */
const proxyStatus: ReadonlySet<number> = new Set([0, 403, 502]);

const tooMuch = {
  memory: 'The page took more memory than one visit may.',
  requests: 'The page asked for more than one visit may.',
} as const;

const theirs = (sentence: string): OpenFailure => ({ side: 'yours', tryHttp: true, sentence });
const ours = (sentence: string): OpenFailure => ({ side: 'ours', tryHttp: true, sentence });
