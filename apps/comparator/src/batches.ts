import { Injectable } from '@nestjs/common';
import { ComparisonRepository } from './persistence/comparison.repository.js';
import { COMPARISON } from './work-kinds.js';
import type { ComparisonTrigger } from '#libs/contracts/src/comparator.js';
import { uuidv7 } from '#libs/messaging/src/uuid.js';
import { WorkQueue } from '#libs/messaging/src/work-queue.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface Wish {
  readonly by: string;
  readonly trigger: ComparisonTrigger;
}

/** Opens comparisons and makes them due. */
@Injectable()
export class Batches {
  constructor(
    private readonly comparisons: ComparisonRepository,
    private readonly queue: WorkQueue,
  ) {}

  async open(tx: Tx, { by, trigger }: Wish, appIds: readonly string[]) {
    const batchId = uuidv7();
    const wanted = appIds.map((appId) => ({ appId, comparisonId: uuidv7() }));
    const comparisons = await this.comparisons.addBatch(tx, { batchId, by, trigger }, wanted);
    const opened = comparisons.filter((one) => one.opened).map((one) => one.comparisonId);
    await this.queue.scheduleAll(tx, COMPARISON, opened);
    return { batchId, comparisons: comparisons.map(({ comparisonId, appId }) => ({ comparisonId, appId })) };
  }
}
