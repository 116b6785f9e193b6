// Children of this process: started so that they end with it, and ended with a deadline.
import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { UserIds } from './unprivileged.js';

export interface ChildOptions extends UserIds {
  /** What the kernel sends the child when this process is gone, kill -9 included. Needs setpriv (Linux). */
  deathSignal: NodeJS.Signals;
  /** The whole environment of the child: ours may hold secrets and settings that are not meant for it. */
  env: NodeJS.ProcessEnv;
}

/**
 * Starts `exe` bound to our life, in a session of its own: Ctrl-C in the terminal reaches us and not the child, so that we
 * can finish what needs it. The kernel watches the *thread* that spawned: never call this from a worker thread.
 */
export function spawnBound(exe: string, args: readonly string[], options: ChildOptions): ChildProcess {
  const { deathSignal, ...how } = options;
  const setpriv = setprivPath();
  const [program = exe, ...rest] = setpriv
    ? [setpriv, '--pdeathsig', deathSignal.slice(3), '--', exe, ...args]
    : [exe, ...args];
  return spawn(program, rest, { ...how, cwd: '/', detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
}

let setpriv: { path: string | undefined } | undefined;

/** The path of setpriv (package util-linux), or undefined where there is none, as on macOS. */
export function setprivPath(): string | undefined {
  const works = (path: string) => spawnSync(path, ['--pdeathsig', 'TERM', 'true'], { stdio: 'ignore' }).status === 0;
  setpriv ??= { path: ['/usr/bin/setpriv', '/bin/setpriv'].find(works) };
  return setpriv.path;
}

/** True until the child has ended. A child that could not be started has ended. */
export const isRunning = (child: ChildProcess): boolean =>
  child.pid !== undefined && child.exitCode === null && child.signalCode === null;

/** Resolves when the child has ended. */
export function ended(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

/** Sends the signals one after the other, each with its deadline, until the child has ended; then SIGKILL. */
export async function endChild(child: ChildProcess, steps: readonly [NodeJS.Signals, number][]): Promise<void> {
  for (const [signal, deadlineMs] of steps) {
    if (!isRunning(child)) return;
    child.kill(signal);
    const late = new AbortController();
    await Promise.race([ended(child), sleep(deadlineMs, undefined, { signal: late.signal }).catch(() => undefined)]);
    late.abort();
  }
  child.kill('SIGKILL');
  await ended(child);
}

/** The last 64 kB that a child said on its standard error, for people who look for the reason why it ended. */
export class LogTail {
  #text = '';

  follow(child: ChildProcess): void {
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      this.#text = (this.#text + chunk).slice(-65_536);
    });
  }

  toString(): string {
    return this.#text;
  }
}

export interface RunOptions extends UserIds {
  deadlineMs: number;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end and returns what it printed; throws with what it complained about, or past the deadline. */
export function run(exe: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { deadlineMs, ...rest } = options;
  return new Promise((resolve, reject) => {
    execFile(exe, args, { cwd: '/', ...rest, timeout: deadlineMs, killSignal: 'SIGKILL' }, (e, stdout, stderr) => {
      if (!e) return resolve(stdout);
      const why = e.killed ? `no end after ${deadlineMs / 1000} s` : stderr.trim() || e.message;
      reject(new Error(`${exe}: ${why}`, { cause: e }));
    });
  });
}
