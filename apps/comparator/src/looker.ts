import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AppReader } from './clients/app-reader.js';
import { COMPARATOR_CONFIG, type ComparatorConfig } from './comparator.config.js';
import type { EndpointLook } from './domain/look.js';
import type { JudgeJob } from './judging/judge-job.js';
import { unjudgeable } from './judging/judge-look.js';
import { JudgeLost } from './judging/judge.js';
import { JudgePool } from './judging/judge-pool.js';
import { takeLook, type Looked, type LookPlan } from './judging/take-look.js';

/** One look: all endpoints of both sides read together, then judged in a process of its own. */
@Injectable()
export class Looker {
  constructor(
    @Inject(COMPARATOR_CONFIG) private readonly config: ComparatorConfig,
    private readonly reader: AppReader,
    private readonly judges: JudgePool,
  ) {}

  async look(plan: LookPlan, signal: AbortSignal): Promise<Looked> {
    const visit = this.reader.visit(signal);
    const addressOf = { baseline: plan.baselineUrl, app: plan.appUrl };
    try {
      return await takeLook(plan, {
        endpoints: this.config.endpoints,
        now: () => new Date().toISOString(),
        seed: randomSeed,
        read: (side, endpoint) => visit.read({ side, address: addressOf[side], endpoint }),
        readShadow: (url, endpoint) => visit.read({ side: 'baseline', address: url, endpoint }),
        readAsBrowser: (endpoint) => visit.read({ side: 'app', address: plan.appUrl, endpoint, asBrowser: true }),
        judge: (job) => this.judge(job),
      });
    } finally {
      visit.end();
    }
  }

  /** When no judge survives a job: does one survive it with the baseline's answers in place of the app's? Then it is the app. */
  private async judge(job: JudgeJob): Promise<readonly EndpointLook[]> {
    try {
      return (await this.judges.judge(job)).endpoints;
    } catch (error) {
      if (!(error instanceof JudgeLost)) throw error;
      await this.judges.judge(withBaselineOnly(job));
      return unjudgeable(job, error.message).endpoints;
    }
  }
}

function randomSeed(): readonly [number, number] {
  const random = randomBytes(8);
  return [random.readInt32LE(0), random.readInt32LE(4)];
}

const withBaselineOnly = (job: JudgeJob): JudgeJob => ({
  ...job,
  parts: job.parts.map(({ asBrowser: _, ...part }) => ({ ...part, app: part.baseline })),
  ...(job.later ? { later: job.later.map((pair) => ({ ...pair, app: pair.baseline })) } : {}),
});
