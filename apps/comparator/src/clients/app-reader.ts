import { Injectable } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import { LargeBodies } from './large-bodies.js';
import { SharedReads } from './shared-reads.js';
import type { Endpoint } from '../domain/endpoints.js';
import { storableText } from '../domain/storable.js';
import type { FetchedBody } from '../judging/judge-job.js';
import type { EgressClient, EgressAnswer } from '#libs/egress/src/egress-client.js';
import { unlessAborted } from '#libs/egress/src/deadline.js';
import { EgressError, type EgressCode } from '#libs/egress/src/egress-code.js';
import { attribute, spanName } from '#libs/platform/src/telemetry/names.js';
import { inChildSpan } from '#libs/platform/src/telemetry/spans.js';

const KiB = 1024;
/** Bodies are first read up to here; those that are larger are read once more when there is room, up to the limit of their endpoint. */
const bodyBytesUsual = 128 * KiB;
/** Up to here there is room for more looks, which may hold nine such bodies each. */
const bodyBytesLarge = 1024 * KiB;
const looksWithLargeBodies = 32;
const looksWithHugeBodies = 2;
const readMsMax = 20_000;
const problemCharsMax = 300;
const locationCharsMax = 300;
const browserName =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

/** The ways out: every comparison reads the baseline, so it has more places. */
export interface ReaderClients {
  readonly apps: EgressClient;
  readonly baseline: EgressClient;
}

export interface Wanted {
  readonly side: 'baseline' | 'app';
  /** Address of the app. */
  readonly address: string;
  readonly endpoint: Endpoint;
  /** With what an ordinary browser says of itself in place of our name. */
  readonly asBrowser?: boolean;
}

/** Reads endpoints of apps. What the app can cause is an answer, not an exception; what was aborted is no answer at all. */
@Injectable()
export class AppReader {
  private readonly rooms: Rooms = {
    large: new LargeBodies(looksWithLargeBodies),
    huge: new LargeBodies(looksWithHugeBodies),
  };
  private readonly baselineReads = new SharedReads<EgressAnswer>();

  constructor(private readonly clients: ReaderClients) {}

  /** One look's reads, each request of `readMs` at most. `end` gives back the room that its large bodies took. */
  visit(signal: AbortSignal, readMs = readMsMax): Visit {
    return new Visit(this.clients, this.rooms, this.baselineReads, { signal, readMs });
  }
}

interface Rooms {
  readonly large: LargeBodies;
  readonly huge: LargeBodies;
}
type Read = FetchedBody & { readonly code?: EgressCode };
const notReadOn =
  'The answer is larger than 1 MB, and another of this app was larger than it may be: it was not read to its end.';

export class Visit {
  private readonly signal: AbortSignal;
  private readonly readMs: number;
  private readonly entered = new Map<LargeBodies, Promise<() => void>>();
  private firstHuge: Promise<Read> | undefined;
  private isOver = false;
  private hasShared = false;

  constructor(
    private readonly clients: ReaderClients,
    private readonly rooms: Rooms,
    private readonly baselineReads: SharedReads<EgressAnswer>,
    { signal, readMs }: { readonly signal: AbortSignal; readonly readMs: number },
  ) {
    this.signal = signal;
    this.readMs = readMs;
  }

  async read(wanted: Wanted): Promise<FetchedBody> {
    const { bodyBytesMax } = wanted.endpoint;
    const usual = await this.readUpTo(Math.min(bodyBytesMax, bodyBytesUsual), wanted);
    if (!isTooLarge(usual) || bodyBytesMax <= bodyBytesUsual) return usual;
    await this.enter(this.rooms.large);
    const large = await this.readUpTo(Math.min(bodyBytesMax, bodyBytesLarge), wanted);
    if (!isTooLarge(large) || bodyBytesMax <= bodyBytesLarge) return large;
    await this.enter(this.rooms.huge);
    return wanted.side === 'baseline' ? this.readUpTo(bodyBytesMax, wanted) : this.readHuge(wanted, large);
  }

  /** The first of an app's huge answers goes ahead: when it is too large, the others are not read on, of which nobody would learn more. */
  private async readHuge(wanted: Wanted, before: Read): Promise<FetchedBody> {
    const read = () => this.readUpTo(wanted.endpoint.bodyBytesMax, wanted);
    if (!this.firstHuge) return (this.firstHuge = read());
    if (!isTooLarge(await this.firstHuge)) return read();
    return { ...before, fetched: { ...before.fetched, problem: notReadOn } };
  }

  /** Once for all bodies of the look. */
  private async enter(room: LargeBodies): Promise<void> {
    const entering = this.entered.get(room) ?? room.enter(this.signal);
    this.entered.set(room, entering);
    const leave = await entering;
    if (!this.isOver) return;
    leave();
    throw new Error('the visit is over');
  }

  /** Waits for nothing: a read that is still under way ends without room. */
  end(): void {
    this.isOver = true;
    const stayedOut = () => undefined;
    for (const entering of this.entered.values()) void entering.then((leave) => leave(), stayedOut);
  }

  private async readUpTo(bodyBytesMax: number, wanted: Wanted): Promise<Read> {
    const url = `${wanted.address}${wanted.endpoint.request}`;
    const started = performance.now();
    try {
      return judgeStatus(url, await this.ask(url, bodyBytesMax, wanted));
    } catch (error) {
      if (this.signal.aborted || !(error instanceof EgressError)) throw error;
      const fetched = {
        url,
        status: error.status ?? null,
        bodyBytes: 0,
        totalMs: round(performance.now() - started),
        problem: storableText(error.sentence, problemCharsMax),
        failure: error.code,
      };
      const side = error.side === 'ours' ? 'ours' : 'theirs';
      return { ok: false, fetched, side, fix: error.fix, code: error.code };
    }
  }

  private ask(url: string, bodyBytesMax: number, { side, asBrowser }: Wanted): Promise<EgressAnswer> {
    const limits = { bodyBytesMax, totalMs: this.readMs };
    const headers = { accept: 'application/json', ...(asBrowser ? { 'user-agent': browserName } : {}) };
    const request = { method: 'GET', url, headers, limits } as const;
    if (side === 'app') return this.clients.apps.request({ ...request, signal: this.signal });
    // Of all who share it none may end it for the others.
    const question = `${bodyBytesMax} ${url}`;
    const read = () => {
      const answer = this.baselineReads.ask(question, () => this.clients.baseline.request(request));
      return unlessAborted(answer, this.signal);
    };
    if (this.hasShared || !this.baselineReads.isWaiting(question)) return read();
    this.hasShared = true; // one span says it for all that the look shares
    const { hostname, port, protocol } = new URL(url);
    const attributes = {
      [attribute.serverAddress]: hostname,
      [attribute.serverPort]: Number(port || (protocol === 'https:' ? 443 : 80)),
    };
    return inChildSpan(spanName.share('GET'), { kind: SpanKind.CLIENT, attributes }, read);
  }
}

function judgeStatus(url: string, { status, body, timings, redirect, date }: EgressAnswer): FetchedBody {
  const fetched = { url, status, bodyBytes: body.length, totalMs: round(timings.totalMs), problem: null };
  if (status === 200) return { ok: true, fetched, body, clock: date?.toISOString() ?? null };
  const problem = redirect ? redirect.sentence : `It answered ${status} instead of 200.`;
  const leadsTo = redirect ? { leadsTo: storableText(redirect.location, locationCharsMax) } : {};
  return {
    ok: false,
    fetched: { ...fetched, ...leadsTo, problem, failure: redirect ? 'redirect' : 'status' },
    side: 'theirs',
  };
}

const round = (ms: number): number => Math.round(ms * 10) / 10;
const isTooLarge = (read: Read): boolean => !read.ok && read.code === 'body-too-large';
