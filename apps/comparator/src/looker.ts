import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AppReader } from './clients/app-reader.js';
import { COMPARATOR_CONFIG, type ComparatorConfig } from './comparator.config.js';
import { judgeFairly } from './judging/judge-fairly.js';
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
        judge: (job) => judgeFairly(this.judges, job),
      });
    } finally {
      visit.end();
    }
  }
}

/** New for each look: rows that were made to collide under another prove nothing. */
export function randomSeed(): readonly [number, number] {
  const random = randomBytes(8);
  return [random.readInt32LE(0), random.readInt32LE(4)];
}
