import { LimitReached } from './limit-reached.js';

/** Lets at most `max` pieces of work run at once; up to `waitingMax` wait their turn, and more are refused at once. */
export class Gate {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    /** As it is told to whoever is refused: "sign-ins". */
    private readonly what: string,
    private readonly max: number,
    private readonly waitingMax: number,
  ) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.max) this.running += 1;
    else await this.turn();
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next)
        next(); // the place goes straight to whoever waits longest
      else this.running -= 1;
    }
  }

  private turn(): Promise<void> {
    if (this.waiting.length >= this.waitingMax)
      throw new LimitReached(`There are too many ${this.what} at this moment.`, 'Try again in a few seconds.', 3);
    return new Promise((done) => this.waiting.push(done));
  }
}
