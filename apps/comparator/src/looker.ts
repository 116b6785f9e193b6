import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AppReader } from './clients/app-reader.js';
import { COMPARATOR_CONFIG, type ComparatorConfig } from './comparator.config.js';
import type { Look } from './domain/look.js';
import type { Obligation } from './domain/obligation.js';
import { JudgePool } from './judging/judge-pool.js';
import type { WriteKind } from '#libs/contracts/src/filler.js';

/** What a look needs to know before it reads anything. */
export interface LookPlan {
  readonly appUrl: string;
  readonly baselineUrl: string;
  readonly slack: number;
  readonly acknowledged: Record<WriteKind, number>;
  readonly obligations: Record<WriteKind, readonly Obligation[]>;
}

/** One look: all endpoints of both sides read together, then judged in a process of its own. */
@Injectable()
export class Looker {
  constructor(
    @Inject(COMPARATOR_CONFIG) private readonly config: ComparatorConfig,
    private readonly reader: AppReader,
    private readonly judges: JudgePool,
  ) {}

  async look(plan: LookPlan, signal: AbortSignal): Promise<Look> {
    const now = new Date().toISOString();
    const parts = await Promise.all(
      this.config.endpoints.map(async (endpoint) => {
        const [baseline, app] = await Promise.all([
          this.reader.read(plan.baselineUrl, endpoint, signal),
          this.reader.read(plan.appUrl, endpoint, signal),
        ]);
        const obligations = endpoint.kind === 'stats' ? [] : plan.obligations[endpoint.kind];
        return { endpoint, baseline, app, obligations };
      }),
    );
    const random = randomBytes(8);
    const seed = [random.readInt32LE(0), random.readInt32LE(4)] as const;
    const { slack, acknowledged } = plan;
    const findings = await this.judges.judge({ now, seed, slack, acknowledgedEntries: acknowledged.entry, parts });
    return {
      at: now,
      acknowledged: acknowledged.entry + acknowledged.mood + acknowledged.value,
      endpoints: findings.endpoints,
    };
  }
}
