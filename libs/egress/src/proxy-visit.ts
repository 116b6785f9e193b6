// What one visit of a page may do through the proxy, and what it has done: targets, token, limits, refusals.
import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { refuse, type EgressCode, type Refusal } from './egress-code.js';
import type { HostPort } from './egress-policy.js';

/** Limits of one visit; when bytes, time or refusals are used up, everything of it is closed. */
export interface VisitLimits {
  /** Both directions together, as seen on the wire. */
  readonly bytesMax: number;
  /** Plain requests, tunnels and upgrades; requests inside a TLS tunnel cannot be counted. */
  readonly requestsMax: number;
  /** Requests that were refused: each costs us work, and a page that goes on asking is not one to go on visiting. */
  readonly refusalsMax: number;
  /** Open at once towards the app. */
  readonly connectionsMax: number;
  readonly connectMs: number;
  /** A connection on which nothing moves. */
  readonly idleMs: number;
  /** The whole visit. */
  readonly totalMs: number;
}

export const visitLimits: VisitLimits = {
  bytesMax: 20 * 1024 * 1024,
  requestsMax: 200,
  refusalsMax: 200,
  connectionsMax: 32,
  connectMs: 3_000,
  idleMs: 15_000,
  totalMs: 45_000,
};

const refusedMax = 100;
const targetCharsMax = 200;

/** A request that was refused, or lost on its way: `target` is as the browser named it, shortened. */
export interface RefusedVisit {
  readonly method: string;
  readonly target: string;
  readonly code: EgressCode;
}

/** What a visit has used so far. */
export interface VisitUse {
  readonly bytes: number;
  readonly requests: number;
  /** All refusals; the list keeps the first 100. */
  readonly refused: number;
}

export class ProxyVisit {
  readonly limits: VisitLimits;
  readonly refused: RefusedVisit[] = [];
  private readonly targets: readonly HostPort[];
  private readonly authorization: Buffer;
  private readonly sockets = new Set<Socket>();
  private readonly ending = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private bytes = 0;
  /** Connections to the app that are open or being opened. */
  private places = 0;
  private requests = 0;
  private refusals = 0;

  constructor(targets: readonly HostPort[], token: string, limits: VisitLimits) {
    this.targets = targets;
    this.authorization = Buffer.from(`Basic ${Buffer.from(`${proxyUser}:${token}`).toString('base64')}`);
    this.limits = limits;
    this.timer = setTimeout(() => this.end(), limits.totalMs);
    this.timer.unref();
  }

  get signal(): AbortSignal {
    return this.ending.signal;
  }

  get use(): VisitUse {
    return { bytes: this.bytes, requests: this.requests, refused: this.refusals };
  }

  knows(authorization: string | undefined): boolean {
    const given = Buffer.from(authorization ?? '');
    return given.length === this.authorization.length && timingSafeEqual(given, this.authorization);
  }

  /** Counts a request and takes a place for its connection, or says why it may not go to `target`. */
  admit(target: HostPort): Refusal | undefined {
    if (!this.targets.some(({ host, port }) => host === target.host && port === target.port))
      return refuse('not-opened');
    if (this.ending.signal.aborted) return refuse('page-limit', 'its bytes, its time or what it was refused');
    if (this.requests >= this.limits.requestsMax) return refuse('page-limit', `${this.limits.requestsMax} requests`);
    if (this.places >= this.limits.connectionsMax)
      return refuse('page-limit', `${this.limits.connectionsMax} connections`);
    this.requests += 1;
    this.places += 1;
    return undefined;
  }

  note(method: string, target: string, code: EgressCode): void {
    this.refusals += 1;
    if (this.refusals >= this.limits.refusalsMax) this.end();
    if (this.refused.length >= refusedMax) return;
    this.refused.push({ method: method.slice(0, 20), target: target.slice(0, targetCharsMax), code });
  }

  /** Connects by `open` in the place taken; the connection is closed when idle or with the visit, and then gives its place back. */
  async hold(open: () => Promise<Socket>): Promise<Socket> {
    const socket = await open().catch((error: unknown) => {
      this.places -= 1;
      throw error;
    });
    this.sockets.add(socket);
    const gone = () => {
      this.places -= 1;
      this.sockets.delete(socket);
    };
    if (socket.closed) gone();
    else socket.once('close', gone);
    socket.setTimeout(this.limits.idleMs, () => socket.destroy());
    if (this.ending.signal.aborted) socket.destroy();
    return socket;
  }

  /** Counts bytes of bodies and tunnels. */
  spend(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.limits.bytesMax) this.end();
  }

  /** Closes every connection; whatever comes later is refused. */
  end(): void {
    clearTimeout(this.timer);
    this.ending.abort();
    for (const socket of this.sockets) socket.destroy();
  }
}

/** The user name that goes with the token. */
export const proxyUser = 'lockstep';
