// How long this process was not running its own timers: garbage collection, a busy loop, a machine without a free core.
// A time limit that ran out while we ourselves stood still says nothing about an app.

const tickMs = 100;
/** Ordinary jitter of a timer, not counted. */
const jitterMs = 20;

export class StallMeter {
  private readonly timer: NodeJS.Timeout;
  private readonly now: () => number;
  private tickedAt: number;
  private totalMs = 0;

  constructor(now: () => number = () => performance.now()) {
    this.now = now;
    this.tickedAt = now();
    this.timer = setInterval(() => this.tick(), tickMs);
    this.timer.unref();
  }

  /** Milliseconds stood still since the meter was made, those of a stall that is just ending included. */
  stalledMs(): number {
    return this.totalMs + this.lateMs();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    this.totalMs += this.lateMs();
    this.tickedAt = this.now();
  }

  private lateMs(): number {
    return Math.max(0, this.now() - this.tickedAt - tickMs - jitterMs);
  }
}
