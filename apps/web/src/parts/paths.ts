import type { LedgerFilter } from '#libs/contracts/src/gateway.js';

/** The trace of a verdict. It may be that of a whole batch: it opens at the comparison. */
export const tracePath = (traceId: string, comparisonId: string | null): string =>
  `/traces/${traceId}${comparisonId ? `?comparison=${comparisonId}` : ''}`;

export const comparisonPath = (comparisonId: string, endpoint?: string): string =>
  `/comparisons/${comparisonId}${endpoint === undefined ? '' : `?endpoint=${encodeURIComponent(endpoint)}`}`;

/** The send log of an app, all of it or what is asked for only. */
export const sendLogPath = (appId: string, only?: LedgerFilter): string =>
  `/apps/${appId}${only ? `?writes=${only}` : ''}#send-log`;

/** One window of an app, on its page. */
export const windowPath = (appId: string, windowId: string): string => `/apps/${appId}?window=${windowId}#windows`;

/** One write in the send log of an app, by its marker. */
export const writePath = (appId: string, marker: string): string =>
  `/apps/${appId}?write=${encodeURIComponent(marker)}#send-log`;
