import type { EndpointLook } from '../domain/look.js';
import type { JudgeFindings, JudgeJob } from './judge-job.js';
import { unjudgeable } from './judge-look.js';
import { JudgeLost } from './judge.js';
import type { JudgePool } from './judge-pool.js';

/**
 * When a judge is lost over a job: does one survive it with the baseline's answers in place of the app's, and is the next one lost over
 * it as well? Then it is the app. A judge may also end for what our machine did, with a job that it has hardly begun.
 */
export async function judgeFairly(judges: JudgePool, job: JudgeJob): Promise<readonly EndpointLook[]> {
  const first = await judgedOrLost(judges, job);
  if (!(first instanceof JudgeLost)) return first.endpoints;
  await judges.judge(withBaselineOnly(job));
  const second = await judgedOrLost(judges, job);
  return (second instanceof JudgeLost ? unjudgeable(job, second.message) : second).endpoints;
}

async function judgedOrLost(judges: JudgePool, job: JudgeJob): Promise<JudgeFindings | JudgeLost> {
  try {
    return await judges.judge(job);
  } catch (error) {
    if (error instanceof JudgeLost) return error;
    throw error;
  }
}

const withBaselineOnly = (job: JudgeJob): JudgeJob => ({
  ...job,
  parts: job.parts.map(({ asBrowser: _, ...part }) => ({ ...part, app: part.baseline })),
  ...(job.later ? { later: job.later.map((pair) => ({ ...pair, app: pair.baseline })) } : {}),
});
