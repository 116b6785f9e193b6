// One signal for "too late" and "given up". AbortSignal.any and .timeout would do, but keep timers and links after the work is over.
import { egressError, EgressError } from './egress-code.js';

export interface Deadline {
  /** Its reason is always an EgressError. */
  readonly signal: AbortSignal;
  /** Waits for `work` with the clock stopped: what we wait for by our own doing is nobody's delay. */
  offTheClock<T>(work: Promise<T>): Promise<T>;
  /** Ends the timer and the links; the signal no longer aborts. */
  clear(): void;
}

/** Aborts with `late()` after `timeoutMs`, or as soon as a source aborts: with its reason if that is ours, else `aborted`. */
export function deadline(timeoutMs: number, late: () => EgressError, sources: readonly AbortSignal[]): Deadline {
  const stop = new AbortController();
  let [leftMs, runningSince, isOver] = [timeoutMs, performance.now(), false];
  const arm = () => setTimeout(() => stop.abort(late()), leftMs);
  let timer = arm();
  const offTheClock = async <T>(work: Promise<T>): Promise<T> => {
    clearTimeout(timer);
    leftMs -= performance.now() - runningSince;
    try {
      return await work;
    } finally {
      runningSince = performance.now();
      if (!isOver) timer = arm();
    }
  };
  const follow = () => {
    const reason: unknown = sources.find(({ aborted }) => aborted)?.reason;
    stop.abort(reason instanceof EgressError ? reason : egressError('aborted', undefined, reason));
  };
  for (const source of sources) source.addEventListener('abort', follow, { once: true });
  if (sources.some(({ aborted }) => aborted)) follow();
  const clear = () => {
    isOver = true;
    clearTimeout(timer);
    for (const source of sources) source.removeEventListener('abort', follow);
  };
  return { signal: stop.signal, offTheClock, clear };
}

/** Waits for `work`, but no longer than `signal` allows; the late result is dropped. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_, fail) => {
    abort = () => fail(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (abort) signal.removeEventListener('abort', abort);
  }
}
