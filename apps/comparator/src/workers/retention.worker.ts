import { CanaryRepository } from '../persistence/canary.repository.js';
import { ComparisonRepository } from '../persistence/comparison.repository.js';
import { FillRepository } from '../persistence/fill.repository.js';
import { LedgerRepository } from '../persistence/ledger.repository.js';
import { RETENTION } from '../work-kinds.js';
import { Works, type Claim, type Next, type Worker } from '#libs/messaging/src/worker.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** What is older is deleted: writes (of fills that closed before), comparisons and their batches. */
export const keptDays = 30;
/** Rows of one kind in one transaction. */
const sweptRowsMax = 5_000;
const dayMs = 86_400_000;
const everyMs = 3_600_000;

/** Deletes what is old, a little at a time. */
@Works({ kind: RETENTION, leaseMs: 30_000, concurrency: 1, attemptsMax: 10 })
export class RetentionWorker implements Worker<null> {
  constructor(
    private readonly ledger: LedgerRepository,
    private readonly fills: FillRepository,
    private readonly comparisons: ComparisonRepository,
    private readonly canaries: CanaryRepository,
  ) {}

  async act(): Promise<null> {
    return null;
  }

  async record(_claim: Claim, _seen: null, tx: Tx): Promise<Next> {
    const before = new Date(tx.now.getTime() - keptDays * dayMs);
    const swept = [
      await this.ledger.sweep(tx, before, sweptRowsMax),
      await this.canaries.sweep(tx, before, sweptRowsMax),
      await this.fills.sweep(tx, before, sweptRowsMax),
      await this.comparisons.sweep(tx, before, sweptRowsMax),
    ];
    const isMore = swept.some((rows) => rows >= sweptRowsMax);
    return { againInMs: isMore ? 1_000 : everyMs, note: `${keptDays} days are kept`, newTrace: true };
  }

  async giveUp(): Promise<Next> {
    return { againInMs: everyMs, note: 'old rows could not be deleted' };
  }
}
