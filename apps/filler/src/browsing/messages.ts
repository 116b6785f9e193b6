import type { Chromium } from '#libs/local/src/chromium.js';

/**
 * What the filler and its browsing process say to each other: plain data, one message per line of these unions. A visit is a number that
 * the filler gives; the process answers every `open` and every `submit` once, and asks for every request that carries a write.
 */
export type ToBrowsing =
  | { readonly do: 'open'; readonly visit: number; readonly appUrl: string }
  | { readonly do: 'submit'; readonly visit: number; readonly form: FormToSubmit }
  | { readonly do: 'answer'; readonly visit: number; readonly post: number; readonly answer: PageAnswer | null }
  | { readonly do: 'close'; readonly visit: number };

export type FromBrowsing =
  /** It can take visits. */
  | { readonly said: 'ready' }
  | { readonly said: 'opened'; readonly visit: number; readonly failure: OpenFailure | null }
  | { readonly said: 'submitted'; readonly visit: number; readonly how: Submitted }
  | { readonly said: 'post'; readonly visit: number; readonly post: number; readonly request: PausedPost }
  /** Everything of it is gone. */
  | { readonly said: 'closed'; readonly visit: number };

/** What the process is told when it starts. */
export interface BrowsingSettings {
  /** EGRESS_ALLOW. */
  readonly allow: readonly string[];
  /** One that runs here. */
  readonly chromium: Chromium;
  /** Certificates of a lab's own authority, each as the SHA-256 of its public key in base64; nothing else is excepted from being checked. */
  readonly trustedKeys?: readonly string[];
  readonly limits?: Partial<BrowsingLimits>;
}

/** Limits of the browsers; those of a visit's traffic stand in libs/egress/src/proxy-visit.ts. */
export interface BrowsingLimits {
  /** At once; each has one visit at a time, so that what a page does to its browser is done to no other. */
  readonly browsersMax: number;
  /** A browser is replaced after so many visits, so long, or when it holds so much: leaks of foreign pages end with it. */
  readonly visitsPerBrowser: number;
  readonly browserMsMax: number;
  readonly keptBytesMax: number;
  /** Without a visit for so long it is ended. */
  readonly idleMsMax: number;
  /** A visit whose browser holds more than this is ended, with its browser. Memory that files can give back does not count. */
  readonly visitBytesMax: number;
  readonly visitMsMax: number;
  /** How long a form may take to accept the press, and its page to send. */
  readonly readyMsMax: number;
  readonly requestMsMax: number;
  /** Requests of one page, those within TLS included. */
  readonly requestsMax: number;
  /** Requests for other origins: they never leave the browser, and a page that goes on asking is left. */
  readonly strayRequestsMax: number;
}

export const browsingLimits: BrowsingLimits = {
  browsersMax: 4,
  visitsPerBrowser: 50,
  browserMsMax: 600_000,
  keptBytesMax: 250 * 1024 * 1024,
  idleMsMax: 30_000,
  visitBytesMax: 400 * 1024 * 1024,
  visitMsMax: 45_000,
  readyMsMax: 5_000,
  requestMsMax: 5_000,
  requestsMax: 400,
  strayRequestsMax: 100,
};

/** Why a page could not be opened. */
export interface OpenFailure {
  /** `yours`: the app's side. `ours`: the lab's; a later attempt may do. */
  readonly side: 'yours' | 'ours';
  /** Whether the app may do well without a page: over HTTP. */
  readonly tryHttp: boolean;
  /** Ours, without a word of the page. */
  readonly sentence: string;
}

export interface FormToSubmit {
  /** Of its field. */
  readonly id: string;
  readonly text: string;
  readonly note: string | null;
  /** The route that the form's request goes to: base path and path of the contract. */
  readonly route: string;
  /** What only this write's request has in its body. */
  readonly needle: string;
}

/**
 * How far a form got.
 *   untouched     nothing was typed: the page has no such form, or its visit was over
 *   not-pressed   its button stayed disabled
 *   no-request    it was pressed, and no request of it to its route was seen
 *   answered      its request was handed to the filler, and the page has the answer
 *   broken        the page, its browser or its visit ended after something was typed
 */
export interface Submitted {
  readonly how: 'untouched' | 'not-pressed' | 'no-request' | 'answered' | 'broken';
  /** Whether the process stood still meanwhile, so that times say nothing about the app. */
  readonly stalled: boolean;
}

/** A request of the page that carries a write: stopped before it left. It is sent by the filler, or not at all. */
export interface PausedPost {
  /** With its query; always of the app's own origin. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What the page gets for it; null in its place: a network error. */
export interface PageAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}
