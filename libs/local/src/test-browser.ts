import { launchBrowser, type OpenBrowser } from './browser-process.js';

export type { OpenBrowser };

/**
 * A browser for looking at our own pages on loopback, in tests and for screenshots. It resolves no name but localhost.
 * Not for pages of others: it has no egress proxy.
 */
export const openBrowser = (): Promise<OpenBrowser> =>
  launchBrowser(['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1', '--no-proxy-server']);
