import { ApiProblem } from './call.js';

/** Whether asking again may help without anybody changing anything. */
export const isPassing = (error: unknown): boolean => error instanceof ApiProblem && error.isPassing;

const slowlyMs = 3_000;

/**
 * How soon to ask again for something that goes on: never once it is over, and slower, but still, while nobody answers. An
 * outage of a few seconds must not end what somebody watches. What is not there, or was refused, does not come by asking.
 */
export function askAgainMs(isOver: boolean, error: unknown, everyMs: number): number | false {
  if (isOver) return false;
  if (!error) return everyMs;
  return isPassing(error) ? Math.max(everyMs, slowlyMs) : false;
}
