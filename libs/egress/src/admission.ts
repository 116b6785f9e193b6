// Who may start a request now. Origins take turns, each with few at once, and a request that lasts longer than `graceMs` stops
// counting against the others: a thousand hosts that never answer delay a good one by at most a few graces, not by their timeouts.
import { deadline, unlessAborted } from './deadline.js';
import { egressError } from './egress-code.js';

export interface AdmissionLimits {
  /** Those that may run at once before they have lasted `graceMs`. */
  readonly activeMax: number;
  /** After this long one no longer holds up others: it moves to the lingering ones. */
  readonly graceMs: number;
  readonly lingeringMax: number;
  readonly waitingMax: number;
  readonly waitingMsMax: number;
}

/** A place among the running requests; `release` gives it back, once. */
export interface Ticket {
  release(): void;
}

interface Waiter {
  readonly perOriginMax: number;
  readonly start: (ticket: Ticket) => void;
}

interface Origin {
  open: number;
  readonly waiters: Set<Waiter>;
}

export class Admission {
  private readonly limits: AdmissionLimits;
  private readonly origins = new Map<string, Origin>();
  /** Origins with a waiter that they themselves may start; the first is served next and goes to the end. */
  private readonly ready = new Set<string>();
  private active = 0;
  private lingering = 0;
  private waiting = 0;

  constructor(limits: AdmissionLimits) {
    this.limits = limits;
  }

  /** Waits for a place; throws `busy` when too many wait or the wait is too long, or `aborted` when a source aborts. */
  async enter(origin: string, perOriginMax: number, sources: readonly AbortSignal[]): Promise<Ticket> {
    if (this.waiting >= this.limits.waitingMax) throw egressError('busy', `${this.waiting} requests wait`);
    const limit = deadline(this.limits.waitingMsMax, () => egressError('busy', 'no place became free'), sources);
    const started = new Promise<Ticket>((start) => {
      const waiter: Waiter = { perOriginMax, start };
      // Within the abort itself: a place given to a waiter that has left would be lost.
      limit.signal.addEventListener('abort', () => this.drop(origin, waiter), { once: true });
      if (!limit.signal.aborted) this.add(origin, waiter);
    });
    return unlessAborted(started, limit.signal).finally(limit.clear);
  }

  private add(key: string, waiter: Waiter): void {
    const origin = this.origins.get(key) ?? { open: 0, waiters: new Set() };
    this.origins.set(key, origin);
    origin.waiters.add(waiter);
    this.waiting += 1;
    this.note(key, origin);
    this.startNext();
  }

  private drop(key: string, waiter: Waiter): void {
    const origin = this.origins.get(key);
    if (!origin?.waiters.delete(waiter)) return;
    this.waiting -= 1;
    this.note(key, origin);
  }

  private startNext(): void {
    while (this.active < this.limits.activeMax) {
      const [key] = this.ready;
      const origin = key === undefined ? undefined : this.origins.get(key);
      const waiter = origin?.waiters.values().next().value;
      if (key === undefined || !origin || !waiter) return;
      origin.waiters.delete(waiter);
      this.waiting -= 1;
      origin.open += 1;
      this.ready.delete(key);
      this.note(key, origin);
      waiter.start(this.ticket(key, origin));
    }
  }

  private ticket(key: string, origin: Origin): Ticket {
    this.active += 1;
    let place: 'active' | 'lingering' | 'released' = 'active';
    const timer = setInterval(() => {
      if (this.lingering >= this.limits.lingeringMax) return;
      clearInterval(timer);
      place = 'lingering';
      this.lingering += 1;
      this.active -= 1;
      this.startNext();
    }, this.limits.graceMs);
    const release = () => {
      if (place === 'released') return;
      clearInterval(timer);
      this[place] -= 1;
      place = 'released';
      origin.open -= 1;
      this.note(key, origin);
      this.startNext();
    };
    return { release };
  }

  /** Puts the origin among the ready ones or takes it out, and forgets one without requests. */
  private note(key: string, origin: Origin): void {
    const [next] = origin.waiters;
    if (next && origin.open < next.perOriginMax) this.ready.add(key);
    else this.ready.delete(key);
    if (!next && origin.open === 0) this.origins.delete(key);
  }
}
