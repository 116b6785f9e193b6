import type { Envelope } from './envelope.js';
import { Wake } from './wake.js';
import { admit } from '#libs/replication/src/pure/admission.js';

export interface Arrival extends Envelope {
  /** It came from the producer's log, not over the road: what follows it will not come by itself either. */
  readonly replayed: boolean;
  /** Tells the broker that this one is done with. Harmless when the broker has forgotten it. */
  ack(): void;
}

/** Two batches, or what they may weigh. One pull, or one answer of the producer, may be put here beyond it. */
const eventsMax = 1_000;
const bytesMax = 8_000_000;
const lookMs = 1_000;

/** Events that have arrived and wait for their turn, or for an earlier one. Bounded: a slow reader makes its road wait. */
export class Shelf {
  private events: Arrival[] = [];
  private bytes = 0;
  private readonly taken = new Wake();

  get waiting(): readonly Arrival[] {
    return this.events;
  }

  put(arrivals: readonly Arrival[]): void {
    for (const arrival of arrivals) {
      this.events.push(arrival);
      this.bytes += arrival.body.length;
    }
  }

  /** Resolves when there is room again. */
  async room(): Promise<void> {
    while (this.events.length >= eventsMax || this.bytes >= bytesMax) await this.taken.wait(lookMs);
  }

  /** Takes the next dense run after `cursor`, and what is of no use any more; the rest stays. */
  take(cursor: number, batchMax: number): { ready: Arrival[]; stale: Arrival[] } {
    const { ready, stale, waiting } = admit(cursor, this.events, batchMax);
    this.clear();
    this.put(waiting);
    return { ready, stale };
  }

  clear(): void {
    this.events = [];
    this.bytes = 0;
    this.taken.ring();
  }
}
