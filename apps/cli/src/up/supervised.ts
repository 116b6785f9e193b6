import { setTimeout as sleep } from 'node:timers/promises';

/** Something that runs until it is stopped, or ends by itself. */
export interface RunningProgram {
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

export interface SupervisedOptions<Program extends RunningProgram> {
  readonly name: string;
  /** Resolves when it is ready; rejects, leaving nothing behind, when it does not get so far. */
  readonly start: () => Promise<Program>;
  readonly told: (line: string) => void;
  /** How long to wait before the next start, after so many lives in a row that were short. */
  readonly pauseMs?: (shortLives: number) => number;
}

const shortLifeMs = 10_000;
const growingPauseMs = (shortLives: number): number => Math.min(10_000, 500 * 2 ** shortLives);

/**
 * A program that is started again when it ends by itself, for as long as it is wanted. One that ends soon after it was ready waits
 * longer each time: it would otherwise take the machine for itself.
 */
export class Supervised<Program extends RunningProgram> {
  private current: Program | undefined;
  private reviving: Promise<void> = Promise.resolve();
  private shortLives = 0;
  private readonly ending = new AbortController();

  constructor(private readonly options: SupervisedOptions<Program>) {}

  async start(): Promise<void> {
    const program = await this.options.start();
    const since = performance.now();
    this.current = program;
    void program.exited.then(() => (this.reviving = this.revive(since)));
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await this.reviving; // a start that is under way comes to its end, so that it leaves nothing behind
    await this.current?.stop();
  }

  private async revive(since: number): Promise<void> {
    const { name, told, pauseMs = growingPauseMs } = this.options;
    const { signal } = this.ending;
    if (performance.now() - since > shortLifeMs) this.shortLives = 0;
    while (!signal.aborted) {
      told(`${name} ended by itself and is being started again`);
      await sleep(pauseMs(this.shortLives), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      this.shortLives += 1;
      try {
        return await this.start();
      } catch (error) {
        told(error instanceof Error ? error.message : String(error));
      }
    }
  }
}
