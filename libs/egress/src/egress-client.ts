// The only way out to a URL that a user gave. Nothing is followed, no write is repeated, everything has a limit, and whoever writes learns
// whether the request may have left. A request goes through: policy → a place (admission) → connection (judged) → its address's turn → exchange → answer.
import { setTimeout as sleep } from 'node:timers/promises';
import { trace, type Tracer } from '@opentelemetry/api';
import { AddressPace } from './address-pace.js';
import { Admission } from './admission.js';
import { ByteBudget } from './byte-budget.js';
import { connectionOf, ConnectionPool, discard, type Connection } from './connection-pool.js';
import { deadline, type Deadline } from './deadline.js';
import { egressError, EgressError, isRefusal, refuse, type EgressCode } from './egress-code.js';
import { clientLimits, requestLimits, type ClientLimits, type RequestLimits } from './egress-limits.js';
import type { EgressPolicy } from './egress-policy.js';
import { inSpan, untraced } from './egress-span.js';
import {
  exchange,
  type Answer,
  type AnswerHeaders,
  type EgressMethod,
  type ExchangeRequest,
  type Progress,
} from './exchange.js';
import { PinnedConnect } from './pinned-connect.js';
import { NameResolver } from './resolver.js';
import { StallMeter } from './stall-meter.js';
import type { RequestUrl } from './target-url.js';

export interface EgressRequest {
  readonly method: EgressMethod;
  readonly url: string;
  /** Host, length, connection and encoding headers are ours: naming one is a TypeError. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly limits?: Partial<RequestLimits>;
  readonly signal?: AbortSignal;
}

export interface EgressAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** Unpacked. */
  readonly body: Buffer;
  /** The body as it came. */
  readonly wireBytes: number;
  readonly timings: EgressTimings;
  readonly remoteAddress: string;
  /** The app's clock, from its Date header, to the second. */
  readonly date: Date | undefined;
  /** For 3xx: where the app wanted us to go. We did not. */
  readonly redirect: { readonly location: string; readonly sentence: string; readonly fix: string } | undefined;
}

/** DNS and connect are 0 on a kept connection; `firstByteMs` counts from the request, `totalMs` from the start of DNS. */
export interface EgressTimings {
  readonly dnsMs: number;
  readonly connectMs: number;
  readonly firstByteMs: number;
  readonly totalMs: number;
}

export interface EgressClientOptions {
  readonly policy: EgressPolicy;
  readonly resolver?: NameResolver;
  readonly tracer?: Tracer;
  readonly trustedCa?: readonly string[];
  readonly requestLimits?: Partial<RequestLimits>;
  readonly clientLimits?: Partial<ClientLimits>;
}

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
const ownHeaders: ReadonlySet<string> = new Set([
  ...['host', 'connection', 'keep-alive', 'upgrade', 'te', 'trailer', 'transfer-encoding', 'content-length', 'expect'],
  ...['accept-encoding', 'proxy-authorization', 'proxy-connection'],
]);

/** Limits of time: when we stood still for this share of the request, they say nothing about the app. */
const timeCodes: ReadonlySet<EgressCode> = new Set([
  ...(['connect-timeout', 'headers-timeout', 'total-timeout', 'too-slow', 'dns-failed'] as const),
]);
const stalledShareMax = 0.25;
/** A shorter stall decides nothing. */
const stalledMsMin = 250;

/** One client per service; it holds connections and must be closed. */
export class EgressClient {
  private readonly policy: EgressPolicy;
  private readonly tracer: Tracer;
  private readonly dialler: PinnedConnect;
  private readonly requestLimits: RequestLimits;
  private readonly clientLimits: ClientLimits;
  private readonly admission: Admission;
  private readonly pace: AddressPace;
  private readonly allowedPace: AddressPace;
  private readonly pool: ConnectionPool;
  private readonly budget: ByteBudget;
  private readonly stalls = new StallMeter();
  /** One per request; thousands of listeners on one signal would cost more than the requests. */
  private readonly running = new Set<AbortController>();
  private closed = false;

  constructor(options: EgressClientOptions) {
    const { policy, resolver = new NameResolver(), tracer = trace.getTracer('lockstep.egress'), trustedCa } = options;
    this.policy = policy;
    this.tracer = tracer;
    this.dialler = new PinnedConnect({ policy, resolver, ...(trustedCa ? { trustedCa } : {}) });
    this.requestLimits = { ...requestLimits, ...options.requestLimits };
    this.clientLimits = { ...clientLimits, ...options.clientLimits };
    this.admission = new Admission(this.clientLimits);
    const {
      addressPerSecond,
      allowedAddressPerSecond,
      addressBurst: burst,
      waitingMsMax: waitMsMax,
    } = this.clientLimits;
    this.pace = new AddressPace({ perSecond: addressPerSecond, burst, waitMsMax });
    this.allowedPace = new AddressPace({ perSecond: allowedAddressPerSecond, burst, waitMsMax });
    this.pool = new ConnectionPool(this.clientLimits);
    this.budget = new ByteBudget(this.clientLimits.heldBytesMax);
  }

  /**
   * Sends one request and returns its answer, whatever its status; a 3xx is returned, never followed.
   * Throws EgressError for everything that an app, its network or our limits can cause; any other error is a fault of the program,
   * and a caller that writes must take it for `maybeSent`.
   */
  async request(request: EgressRequest): Promise<EgressAnswer> {
    const url = this.policy.readRequestUrl(request.url);
    if (isRefusal(url)) throw new EgressError(url);
    const attributes = {
      'http.request.method': request.method,
      'server.address': url.host,
      'server.port': url.port,
      'url.path': url.path.split('?')[0] ?? '/',
      'http.request.body.size': Buffer.byteLength(request.body ?? ''),
    };
    return inSpan(this.tracer, attributes, async (span) => {
      const stop = new AbortController();
      if (this.closed) stop.abort();
      this.running.add(stop);
      const sources = request.signal ? [stop.signal, request.signal] : [stop.signal];
      const answer = await this.attempt(url, request, sources).finally(() => this.running.delete(stop));
      span.setAttribute('http.response.status_code', answer.status);
      span.setAttribute('http.response.body.size', answer.wireBytes);
      return answer;
    });
  }

  /** Gives up what is running (`aborted`) and closes every connection. */
  close(): void {
    this.closed = true;
    for (const stop of this.running) stop.abort();
    this.pool.close();
    this.stalls.stop();
  }

  private async attempt(
    url: RequestUrl,
    request: EgressRequest,
    sources: readonly AbortSignal[],
  ): Promise<EgressAnswer> {
    const limits = { ...this.requestLimits, ...request.limits };
    const outgoing = outgoingRequest(url, request, limits);
    const ticket = await this.admission.enter(url.origin, this.placesFor(url), sources);
    const late = () => egressError('total-timeout', `${limits.totalMs} ms`);
    const limit = deadline(limits.totalMs, late, sources);
    const progress: Progress = { sent: false, status: undefined };
    const stalledBefore = this.stalls.stalledMs();
    let startedAt = performance.now();
    const turn = async (addresses: readonly string[]) => {
      startedAt += await this.turnOf(url, addresses, limit);
    };
    try {
      const { connection, answer } = await this.carry(url, outgoing, { limits, signal: limit.signal, progress, turn });
      if (promisesToStay(answer.headers)) this.pool.keep(url.origin, connection);
      else discard(connection);
      return toAnswer(connection, answer, performance.now() - startedAt);
    } catch (error) {
      const stalledMs = this.stalls.stalledMs() - stalledBefore;
      const shareMs = stalledShareMax * (performance.now() - startedAt);
      throw withFate(error, progress, stalledMs > Math.max(stalledMsMin, shareMs));
    } finally {
      limit.clear();
      ticket.release();
    }
  }

  /**
   * A write gets a connection of its own: on a kept one nobody could tell an app's failure from a close that crossed our request. A read
   * whose kept connection was closed under it is asked once more on a connection of its own, and what happens there is the app's doing.
   */
  private async carry(url: RequestUrl, outgoing: ExchangeRequest, options: CarryOptions): Promise<Carried> {
    const send = async (connection: Connection) => ({
      connection,
      answer: await untraced(() => exchange(connection, outgoing, { ...options, budget: this.budget })),
    });
    const kept = safeMethods.has(outgoing.method) ? this.pool.take(url.origin) : undefined;
    if (!kept) return send(await this.connect(url, options));
    try {
      await options.turn([kept.remoteAddress]).catch((error: unknown) => {
        discard(kept);
        throw error;
      });
      return await send({ ...kept, dnsMs: 0, connectMs: 0 });
    } catch (error) {
      if (!(error instanceof EgressError) || error.code !== 'stale-connection') throw error;
      return send(await this.connect(url, options));
    }
  }

  private async connect(url: RequestUrl, options: CarryOptions): Promise<Connection> {
    const tls = url.origin.startsWith('https:');
    const { limits, signal, turn: beforeDial } = options;
    const pinned = await this.dialler.open(url, { connectMs: limits.connectMs, signal, tls, beforeDial });
    return connectionOf(url.origin, pinned, this.clientLimits);
  }

  /** Waits until the addresses may be asked, off the clock of the request; returns for how long. */
  private async turnOf({ host, port }: RequestUrl, addresses: readonly string[], limit: Deadline): Promise<number> {
    const pace = this.policy.allows(host, port) ? this.allowedPace : this.pace;
    const askedAt = performance.now();
    const waitMs = pace.waitMs(addresses, askedAt);
    if (waitMs === undefined) throw egressError('busy', `very many requests go to ${addresses[0]}`);
    if (waitMs === 0) return 0;
    const { signal } = limit;
    await limit.offTheClock(sleep(waitMs, undefined, { signal })).catch(() => signal.throwIfAborted());
    return performance.now() - askedAt;
  }

  private placesFor({ host, port }: RequestUrl): number {
    const { perOriginMax, perAllowedOriginMax } = this.clientLimits;
    return this.policy.allows(host, port) ? perAllowedOriginMax : perOriginMax;
  }
}

interface CarryOptions {
  readonly limits: RequestLimits;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Waits for the turn of addresses. */
  readonly turn: (addresses: readonly string[]) => Promise<void>;
}
interface Carried {
  readonly connection: Connection;
  readonly answer: Answer;
}

/** Only an app that says so keeps its connection open for sure; some close it quietly, and our next request would be lost with it. */
const promisesToStay = ({ connection }: AnswerHeaders) => /\bkeep-alive\b/i.test(String(connection ?? ''));

function outgoingRequest({ path }: RequestUrl, request: EgressRequest, limits: RequestLimits): ExchangeRequest {
  const body = request.body === undefined ? undefined : Buffer.from(request.body);
  if (body && body.length > limits.requestBytesMax) {
    throw egressError('request-too-large', `${body.length} bytes, the limit is ${limits.requestBytesMax}`);
  }
  const given = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  const taken = given.find(([name]) => ownHeaders.has(name));
  if (taken) throw new TypeError(`the header ${taken[0]} is set by the egress client`);
  // gzip alone: brotli turns 317 bytes into 200 MiB.
  const headers = { 'user-agent': 'lockstep', ...Object.fromEntries(given), 'accept-encoding': 'gzip, identity' };
  return { method: request.method, path, headers, body };
}

function toAnswer(connection: Connection, answer: Answer, totalMs: number): EgressAnswer {
  const { dnsMs, connectMs, remoteAddress } = connection;
  const { status, headers, body, wireBytes, firstByteMs } = answer;
  const timings = { dnsMs, connectMs, firstByteMs, totalMs };
  const date = new Date(firstOf(headers['date']));
  return {
    ...{ status, headers, body, wireBytes, timings, remoteAddress },
    date: Number.isNaN(date.getTime()) ? undefined : date,
    redirect: redirectOf(status, firstOf(headers['location'])),
  };
}

const firstOf = (header: string | string[] | undefined) => [header].flat()[0] ?? '';
const locationCharsMax = 500;

function redirectOf(status: number, location: string): EgressAnswer['redirect'] {
  if (status < 300 || status > 399 || status === 304) return undefined;
  const { sentence, fix } = refuse('redirect');
  return { location: location.slice(0, locationCharsMax), sentence, fix };
}

/** Adds what only the whole request knows: whether it may have left, and whether time ran out because we stood still. */
function withFate(error: unknown, { sent, status }: Progress, stoodStill: boolean): unknown {
  if (!(error instanceof EgressError)) return error;
  const stalled = stoodStill && timeCodes.has(error.code);
  const fate = { maybeSent: sent, ...(status === undefined ? {} : { status }) };
  return new EgressError(stalled ? refuse('stalled', error.code) : error, fate, { cause: error.cause });
}
