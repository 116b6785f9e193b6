import { Injectable } from '@nestjs/common';
import { inForce } from './domain/rules.js';
import { kindAskedAsBrowser } from './domain/as-browser.js';
import type { History } from './domain/obligation.js';
import type { LookPlan } from './judging/take-look.js';
import { AppRepository } from './persistence/app.repository.js';
import { ComparisonRepository } from './persistence/comparison.repository.js';
import { FillRepository } from './persistence/fill.repository.js';
import { LedgerRepository } from './persistence/ledger.repository.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** What a look is to be taken at; or why there is nothing to look at: the app has left, or there has been no fill yet. */
export type Plan =
  { readonly kind: 'look'; readonly plan: LookPlan } | { readonly kind: 'left' } | { readonly kind: 'no-fill-yet' };

/** What a comparison has to look at. Everything of it is as of the newest fill that had closed when the plan was begun. */
@Injectable()
export class ComparisonPlans {
  constructor(
    private readonly comparisons: ComparisonRepository,
    private readonly apps: AppRepository,
    private readonly fills: FillRepository,
    private readonly ledger: LedgerRepository,
  ) {}

  async make(tx: Tx, comparisonId: string, history: History): Promise<Plan> {
    const comparison = await this.comparisons.find(tx, comparisonId);
    const app = comparison && (await this.apps.activeOne(tx, comparison.appId));
    if (!comparison || !app) return { kind: 'left' };
    const { baselineUrl, closedFill, fillsClosed, slack } = await this.fills.state(tx, app.joinedAt);
    if (baselineUrl === null) return { kind: 'no-fill-yet' };
    const rules = inForce(await this.comparisons.begin(tx, comparisonId, { appUrl: app.url, baselineUrl }), tx.now);
    const ledgers = await this.ledger.ledgers(tx, app, { closedFill, history });
    const fill = { slack, fillsClosed, closedFill };
    const about = { appId: app.appId, appUrl: app.url, baselineUrl, ...fill, rules, shadow: null, ledgers };
    const isFirst = comparison.looks.length === 0;
    return {
      kind: 'look',
      plan: { ...about, kindAskedAsBrowser: isFirst ? kindAskedAsBrowser(comparisonId) : null },
    };
  }

  /** Whether more fills have closed since the app joined than a look knew of. */
  async hasClosedMore(tx: Tx, appId: string, fillsClosed: number): Promise<boolean> {
    const app = await this.apps.activeOne(tx, appId);
    return app !== undefined && (await this.fills.state(tx, app.joinedAt)).fillsClosed > fillsClosed;
  }
}
