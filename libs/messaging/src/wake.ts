/** A bell: `wait` ends when somebody rings, or rang since the last wait, or when the time is over. */
export class Wake {
  private rung = false;
  private waiting: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.waiting?.();
  }

  async wait(timeoutMs: number): Promise<void> {
    if (!this.rung) {
      await new Promise<void>((done) => {
        const timer = setTimeout(done, timeoutMs);
        this.waiting = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
    this.waiting = undefined;
    this.rung = false;
  }
}
