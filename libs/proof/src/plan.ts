/** What a window does, fixed when it is declared and written into its evidence. Times in ms from its begin. */
export interface ProbePlan {
  readonly lengthMs: number;
  /** Reads go on for this long after the window, to compare with; meanwhile its writes are looked for. */
  readonly afterMs: number;
  readonly readEveryMs: number;
  readonly writeEveryMs: number;
  /** An answer that takes longer is none. */
  readonly limitMs: number;
}

const afterMsMax = 10_000;
const readEveryMs = 200;
const limitMs = 2_000;
/** No more than an app still shows among its newest 200 entries, with those of others between them. */
const writesMax = 150;
const writeEveryMsMin = 1_000;

export function planFor(lengthMs: number): ProbePlan {
  const writeEveryMs = Math.max(writeEveryMsMin, Math.ceil(lengthMs / writesMax / 100) * 100);
  const afterMs = Math.min(afterMsMax, lengthMs / 2);
  return { lengthMs, afterMs, readEveryMs, writeEveryMs, limitMs };
}
