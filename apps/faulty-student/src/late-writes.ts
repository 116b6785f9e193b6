import { isAcknowledged, whole, type Outcome } from './exchange.js';
import type { Tally, TalliedWrite } from './tally.js';
import type { Turns } from './turns.js';

interface LateWrite {
  write: TalliedWrite;
  send(): Promise<Outcome>;
  timer: NodeJS.Timeout;
}

/** Writes that were acknowledged and wait `lagMs` before they are passed on, in the order in which they came. */
export class LateWrites {
  readonly #waiting: LateWrite[] = [];
  #sending: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly lagMs: number,
    private readonly tally: Tally,
    private readonly turns: Turns,
  ) {}

  add(write: TalliedWrite, send: () => Promise<Outcome>): void {
    this.tally.waiting[write.kind]++;
    this.#waiting.push({ write, send, timer: setTimeout(() => this.#passOnFirst(), this.lagMs) });
  }

  /** Passes on all that waits, now, and resolves when the app has answered. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0) this.#passOnFirst();
    await this.#sending;
  }

  #passOnFirst(): void {
    const first = this.#waiting.shift();
    if (!first) return;
    clearTimeout(first.timer);
    // In turn with new writes: the ids that these are told count what waits and what is stored, each row once.
    const sent = this.turns.take(first.write.kind, () => this.#passOn(first));
    this.#sending = Promise.all([this.#sending, sent]);
  }

  /** A write that fails now was acknowledged long ago: it is lost, and counted as lost. */
  async #passOn({ write, send }: LateWrite): Promise<void> {
    const outcome = await send().catch((): Outcome => 'reset');
    const stored = outcome !== 'reset' && isAcknowledged(await whole(outcome));
    if (!stored) this.tally.keep('lostLate', write);
    this.tally.waiting[write.kind]--;
  }
}
