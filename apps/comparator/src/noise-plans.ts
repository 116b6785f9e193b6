import { Injectable } from '@nestjs/common';
import { ruleOfNoise } from './domain/noise.js';
import { withMeasured, type RuleText } from './domain/rules.js';
import type { LookPlan, Shadow } from './judging/take-look.js';
import { NoiseRepository } from './persistence/noise.repository.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** No more than this is carried into a look. */
const measuredMax = 40;

/** What a look needs to know of noise: what was measured before, and where the second baseline is. */
@Injectable()
export class NoisePlans {
  constructor(private readonly noise: NoiseRepository) {}

  async add(tx: Tx, plan: LookPlan): Promise<LookPlan> {
    return { ...plan, rules: withMeasured(plan.rules, await this.measured(tx)), shadow: await this.shadow(tx) };
  }

  /** What was measured before, as rules. */
  async measured(tx: Tx): Promise<RuleText[]> {
    const rules = (await this.noise.list(tx, measuredMax)).filter(({ isInForce }) => isInForce);
    return rules.map(({ endpoint, path }) => ({
      ...ruleOfNoise(path),
      ...{ endpoint, epsilon: null, withinMs: null, key: null },
    }));
  }

  private async shadow(tx: Tx): Promise<Shadow | null> {
    const baselines = await this.noise.baselines(tx);
    if (!baselines) return null;
    const of = (kind: 'entry' | 'mood' | 'value') => this.noise.common(tx, baselines, kind);
    return {
      url: baselines.shadowUrl,
      common: { entry: await of('entry'), mood: await of('mood'), value: await of('value') },
    };
  }
}
