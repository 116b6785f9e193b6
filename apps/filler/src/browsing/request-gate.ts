import type { CDPSession, Protocol } from 'puppeteer-core';
import type { FormToSubmit, PageAnswer, PausedPost } from './messages.js';
import { tellUnlessExpected } from './trouble.js';
import { routeOf } from '../domain/write-request.js';
import { later } from '../in-time.js';

export interface GateOptions {
  readonly cdp: CDPSession;
  /** The only origin that the page may ask. */
  readonly origin: string;
  readonly proxy: { readonly username: string; readonly password: string };
  readonly requestsMax: number;
  readonly strayRequestsMax: number;
  /** Sends what the page would have sent; null when there is no answer for the page. */
  readonly carry: (request: PausedPost) => Promise<PageAnswer | null>;
  /** Told once, when the page has asked for too much. */
  readonly onLimit: () => void;
}

/** A write that a form is about to send. */
export interface Expected {
  /** Its request was seen: it is with the filler. */
  readonly seen: Promise<void>;
  /** The page has what came back. */
  readonly answered: Promise<void>;
  /** From now on no request of this write leaves any more. */
  close(): void;
}

const bodyBytesMax = 256 * 1024;
const headerCharsMax = 16 * 1024;
/** Requests of one write to other routes, as of a page that also saves drafts. */
const routesMax = 8;
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Stops every request of a page before it leaves the browser. For another origin: it never leaves. With a write in its body: it is handed
 * to the filler, which sends it once; Chromium would send a POST again by itself when a kept connection breaks, or at a 408, and a page
 * may repeat it. Everything else goes on its way, through the egress proxy.
 */
export class RequestGate {
  private readonly writes: ExpectedWrite[] = [];
  private requests = 0;
  private strays = 0;
  private isOver = false;

  constructor(private readonly options: GateOptions) {}

  async open(): Promise<void> {
    const { cdp } = this.options;
    cdp.on('Fetch.requestPaused', (paused) => void this.decide(paused).catch(tellUnlessExpected));
    cdp.on('Fetch.authRequired', (asked) => void this.authenticate(asked).catch(tellUnlessExpected));
    await cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*' }], handleAuthRequests: true });
  }

  get strayRequests(): number {
    return this.strays;
  }

  expect(form: FormToSubmit): Expected {
    const write = new ExpectedWrite(form);
    this.writes.push(write);
    return write;
  }

  private async decide(paused: Protocol.Fetch.RequestPausedEvent): Promise<void> {
    const { requestId, request } = paused;
    const url = URL.parse(request.url);
    if (!url || !/^https?:$/.test(url.protocol)) return this.pass(requestId);
    this.requests += 1;
    const isStray = url.origin !== this.options.origin;
    if (isStray) this.strays += 1;
    if (this.requests > this.options.requestsMax || this.strays > this.options.strayRequestsMax) this.end();
    if (isStray || this.isOver) return this.block(requestId);
    const body = bodyOf(request);
    const write = this.writes.find((one) => !safeMethods.has(request.method) && one.isIn(body));
    if (!write) return this.pass(requestId);
    const path = url.pathname + url.search;
    if (!write.takes(path) || tooLarge(request, body)) return this.block(requestId);
    await this.handOver(requestId, write, { path, headers: request.headers, body });
  }

  private async handOver(requestId: string, write: ExpectedWrite, request: PausedPost): Promise<void> {
    write.see(request.path);
    const answer = await this.options.carry(request);
    await this.give(requestId, answer).finally(() => write.answer(request.path));
  }

  private async give(requestId: string, answer: PageAnswer | null): Promise<void> {
    if (!answer) return this.fail(requestId);
    const body = Buffer.from(answer.body).toString('base64');
    const responseHeaders = answer.headers.map(([name, value]) => ({ name, value }));
    const response = { requestId, responseCode: answer.status, responseHeaders, body };
    // An app may answer with a status or a header that Chromium does not take back.
    await this.options.cdp.send('Fetch.fulfillRequest', response).catch(() => this.fail(requestId));
  }

  private async pass(requestId: string): Promise<void> {
    await this.options.cdp.send('Fetch.continueRequest', { requestId });
  }

  private async block(requestId: string): Promise<void> {
    await this.options.cdp.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
  }

  private async fail(requestId: string): Promise<void> {
    await this.options.cdp.send('Fetch.failRequest', { requestId, errorReason: 'Failed' });
  }

  /** Only the proxy's challenge is answered: an app that asks for a password must not be given the token of the visit. */
  private async authenticate({ requestId, authChallenge }: Protocol.Fetch.AuthRequiredEvent): Promise<void> {
    const isProxy = authChallenge.source === 'Proxy';
    const authChallengeResponse = isProxy
      ? { response: 'ProvideCredentials' as const, ...this.options.proxy }
      : { response: 'CancelAuth' as const };
    await this.options.cdp.send('Fetch.continueWithAuth', { requestId, authChallengeResponse });
  }

  private end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.options.onLimit();
  }
}

class ExpectedWrite implements Expected {
  private readonly routes = new Set<string>();
  private readonly needle: Buffer;
  private readonly seenOnce = later();
  private readonly answeredOnce = later();
  private readonly route: string;
  private isClosed = false;
  readonly seen = this.seenOnce.promise;
  readonly answered = this.answeredOnce.promise;

  constructor(form: FormToSubmit) {
    this.route = routeOf(form.route);
    this.needle = Buffer.from(form.needle);
  }

  isIn(body: Buffer): boolean {
    return body.includes(this.needle);
  }

  /** Each route once: what a page repeats has been sent already. */
  takes(path: string): boolean {
    const route = routeOf(path);
    if (this.isClosed || this.routes.has(route) || this.routes.size >= routesMax) return false;
    this.routes.add(route);
    return true;
  }

  see(path: string): void {
    if (routeOf(path) === this.route) this.seenOnce.resolve();
  }

  answer(path: string): void {
    if (routeOf(path) === this.route) this.answeredOnce.resolve();
  }

  close(): void {
    this.isClosed = true;
  }
}

const bodyOf = ({ postDataEntries = [] }: Protocol.Network.Request): Buffer =>
  Buffer.concat(postDataEntries.map(({ bytes = '' }) => Buffer.from(bytes, 'base64')));

const tooLarge = ({ headers }: Protocol.Network.Request, body: Buffer): boolean =>
  body.length > bodyBytesMax || JSON.stringify(headers).length > headerCharsMax;
