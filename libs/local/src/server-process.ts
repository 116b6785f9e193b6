import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildProcess } from 'node:child_process';
import { endChild, ended, isRunning } from './child.js';
import type { Progress } from './progress.js';

export interface ServerSpec {
  name: string;
  /** Starts the server and resolves when it answers; rejects, leaving nothing behind, when it does not. */
  launch(): Promise<ChildProcess>;
  /** How to end it in good order: signals with their deadlines. SIGKILL follows. */
  endSteps: readonly [NodeJS.Signals, number][];
  onProgress: Progress;
  /** How long to wait before it is started again, having ended soon `shortLives` times in a row. */
  pauseMs?: (shortLives: number) => number;
}

/**
 * One server of ours through its lives, always on the same address.
 *
 * up: it answers. If it ends by itself (killed, out of memory) it is started again, ten times in a row at most, with growing
 * pauses; clients see a short outage. down: we ended it (`kill`, `stop`) and it stays so until `restart`.
 * Calls wait for each other, in their order; a new call cuts a pause short.
 */
export class ServerProcess {
  #child: ChildProcess | undefined;
  #turn: Promise<void> = Promise.resolve();
  #pause = new AbortController();
  #upSinceMs = 0;
  #shortLives = 0;
  readonly #spec: ServerSpec;

  constructor(spec: ServerSpec) {
    this.#spec = spec;
  }

  /** Of the running server; undefined while it is down. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): Promise<void> {
    return this.#inTurn(() => this.#launch());
  }

  /** Ends it with `signal` if it is up, leaves it down for `downMs`, and starts it. `meanwhile` may touch its files. */
  restart(signal: NodeJS.Signals, downMs: number, meanwhile: () => void = () => undefined): Promise<void> {
    return this.#inTurn(async () => {
      await this.#end(signal);
      meanwhile();
      await sleep(downMs);
      await this.#launch();
    });
  }

  /** Resolves when it has ended by `signal`. It stays down. */
  kill(signal: NodeJS.Signals): Promise<void> {
    return this.#inTurn(() => this.#end(signal));
  }

  stop(): Promise<void> {
    return this.#inTurn(async () => {
      const child = this.#forget();
      if (child) await endChild(child, this.#spec.endSteps);
    });
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    this.#pause.abort();
    const mine = this.#turn.then(act);
    this.#turn = mine.catch(() => undefined); // whoever called hears of it; the next in line starts anew
    return mine;
  }

  async #launch(): Promise<void> {
    const child = await this.#spec.launch();
    this.#child = child;
    this.#upSinceMs = performance.now();
    child.once('exit', () => this.#reviveIfCurrent(child));
    if (!isRunning(child)) this.#reviveIfCurrent(child);
  }

  /** From here on its end is meant. */
  #forget(): ChildProcess | undefined {
    const child = this.#child;
    this.#child = undefined;
    return child;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#shortLives = 0;
    const child = this.#forget();
    child?.kill(signal);
    if (child) await ended(child);
  }

  #reviveIfCurrent(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    if (performance.now() - this.#upSinceMs > SHORT_LIFE_MS) this.#shortLives = 0;
    const how = child.signalCode ?? `exit code ${child.exitCode}`;
    this.#spec.onProgress.done(`${this.#spec.name} ended by itself (${how}) and is being started again`);
    const pause = new AbortController();
    void this.#inTurn(() => this.#revive(pause.signal));
    this.#pause = pause;
  }

  async #revive(cut: AbortSignal): Promise<void> {
    let why = 'it ended soon after each start';
    while (this.#shortLives < SHORT_LIVES_MAX && !cut.aborted) {
      const { pauseMs = growingPauseMs } = this.#spec;
      await sleep(pauseMs(this.#shortLives), undefined, { signal: cut }).catch(() => undefined);
      if (cut.aborted) return;
      this.#shortLives++;
      try {
        return await this.#launch();
      } catch (e) {
        why = (e as Error).message;
      }
    }
    if (!cut.aborted) this.#spec.onProgress.done(`${this.#spec.name} stays down: ${why}`);
  }
}

const SHORT_LIFE_MS = 10_000;
const SHORT_LIVES_MAX = 10;

const growingPauseMs = (shortLives: number): number => (shortLives === 0 ? 0 : Math.min(5000, 50 * 2 ** shortLives));
