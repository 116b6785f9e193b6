/** Whoever wants to read bodies larger than usual waits here for its turn, in the order of coming. */
export class LargeBodies {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  /** So many looks at once, on top of what the others hold. */
  constructor(private readonly looksMax: number) {}

  /** Resolves with how to leave, once; rejects when the signal aborts first. */
  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.inside >= this.looksMax) await this.turn(signal);
    else this.inside += 1;
    let left = false;
    return () => {
      if (!left) this.leave();
      left = true;
    };
  }

  private turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const give = () => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      const abort = () => {
        this.waiting.splice(this.waiting.indexOf(give), 1);
        reject(signal.reason as Error);
      };
      this.waiting.push(give);
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  /** The place goes to the next one, or becomes free. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.inside -= 1;
  }
}
