import { Injectable } from '@nestjs/common';
import type { LookPlan } from './looker.js';
import { ComparisonRepository } from './persistence/comparison.repository.js';
import { LedgerRepository } from './persistence/ledger.repository.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Rows of the obligation that are carried into a look: more than any window shows, and all values. */
const obligationsMax = { entry: 400, mood: 200, value: null } as const;

/** What a comparison has to look at, read in one transaction so that ledger and fills fit together. */
@Injectable()
export class ComparisonPlans {
  constructor(
    private readonly comparisons: ComparisonRepository,
    private readonly ledger: LedgerRepository,
  ) {}

  async make(tx: Tx, comparisonId: string): Promise<LookPlan | null> {
    const comparison = await this.comparisons.find(tx, comparisonId);
    const [app] = comparison ? await this.ledger.activeApps(tx, [comparison.appId]) : [];
    const fill = await this.ledger.newestFill(tx);
    if (!comparison || !app || !fill) return null;
    await this.comparisons.begin(tx, comparisonId);
    const of = (kind: 'entry' | 'mood' | 'value') => this.ledger.obligations(tx, app, kind, obligationsMax[kind]);
    return {
      appUrl: app.url,
      baselineUrl: fill.baselineUrl,
      slack: fill.slack,
      acknowledged: await this.ledger.countAcknowledged(tx, app),
      obligations: { entry: await of('entry'), mood: await of('mood'), value: await of('value') },
    };
  }
}
