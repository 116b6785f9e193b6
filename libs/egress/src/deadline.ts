// One signal for "too late" and "given up". AbortSignal.any and .timeout would do, but keep timers and links after the work is over.
import { egressError, EgressError } from './egress-code.js';

export interface Deadline {
  /** Its reason is always an EgressError. */
  readonly signal: AbortSignal;
  /** Ends the timer and the links; the signal no longer aborts. */
  clear(): void;
}

/** Aborts with `late()` after `timeoutMs`, or as soon as a source aborts: with its reason if that is ours, else `aborted`. */
export function deadline(timeoutMs: number, late: () => EgressError, sources: readonly AbortSignal[]): Deadline {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(late()), timeoutMs);
  const follow = () => {
    const reason: unknown = sources.find(({ aborted }) => aborted)?.reason;
    stop.abort(reason instanceof EgressError ? reason : egressError('aborted', undefined, reason));
  };
  for (const source of sources) source.addEventListener('abort', follow, { once: true });
  if (sources.some(({ aborted }) => aborted)) follow();
  const clear = () => {
    clearTimeout(timer);
    for (const source of sources) source.removeEventListener('abort', follow);
  };
  return { signal: stop.signal, clear };
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
