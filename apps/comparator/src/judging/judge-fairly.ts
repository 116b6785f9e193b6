import type { EndpointLook } from '../domain/look.js';
import type { JudgeJob } from './judge-job.js';
import { unjudgeable } from './judge-look.js';
import { JudgeLost } from './judge.js';
import type { JudgePool } from './judge-pool.js';

/** When no judge survives a job: does one survive it with the baseline's answers in place of the app's? Then it is the app. */
export async function judgeFairly(judges: JudgePool, job: JudgeJob): Promise<readonly EndpointLook[]> {
  try {
    return (await judges.judge(job)).endpoints;
  } catch (error) {
    if (!(error instanceof JudgeLost)) throw error;
    await judges.judge(withBaselineOnly(job));
    return unjudgeable(job, error.message).endpoints;
  }
}

const withBaselineOnly = (job: JudgeJob): JudgeJob => ({
  ...job,
  parts: job.parts.map(({ asBrowser: _, ...part }) => ({ ...part, app: part.baseline })),
  ...(job.later ? { later: job.later.map((pair) => ({ ...pair, app: pair.baseline })) } : {}),
});
