import { Inject, Injectable } from '@nestjs/common';
import { COMPARATOR_CONFIG, type ComparatorConfig } from './comparator.config.js';
import { ComparisonPlans, type Plan } from './comparison-plans.js';
import { NoisePlans } from './noise-plans.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Everything that a look needs to know, in this lab. */
@Injectable()
export class LookPlans {
  constructor(
    @Inject(COMPARATOR_CONFIG) private readonly config: ComparatorConfig,
    private readonly comparisons: ComparisonPlans,
    private readonly noise: NoisePlans,
  ) {}

  async make(tx: Tx, comparisonId: string): Promise<Plan> {
    const made = await this.comparisons.make(tx, comparisonId, this.config.history);
    return made.kind === 'look' ? { ...made, plan: await this.noise.add(tx, made.plan) } : made;
  }

  /** Whether more fills have closed since the app joined than a look knew of. */
  hasClosedMore(tx: Tx, appId: string, fillsClosed: number): Promise<boolean> {
    return this.comparisons.hasClosedMore(tx, appId, fillsClosed);
  }
}
