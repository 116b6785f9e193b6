/**
 * The server's clock as seen from here, and one tick a second for everything that shows time. A computer in a lecture hall
 * may be minutes off; ages and countdowns must not be.
 */
/** No message is on its way for so long: a larger step means that this computer's clock was set. */
const clockSetMs = 30_000;

export class Clock {
  private offsetMs: number | null = null;
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | undefined;

  /** Told the server's time in each message: the one that was on its way the shortest is nearest to the truth, until our clock is set. */
  learn(serverTime: string): void {
    const offset = Date.parse(serverTime) - Date.now();
    const isSet = this.offsetMs === null || Math.abs(offset - this.offsetMs) > clockSetMs;
    if (isSet || offset > this.offsetMs!) this.offsetMs = offset;
  }

  now(): number {
    return Date.now() + (this.offsetMs ?? 0);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    this.timer ??= setInterval(() => {
      for (const one of this.listeners) one();
    }, 1_000);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  };
}

export const clock = new Clock();
