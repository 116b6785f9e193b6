import { Injectable } from '@nestjs/common';
import { ComparisonRepository } from './persistence/comparison.repository.js';
import { HeldBackRepository } from './persistence/held-back.repository.js';
import { COMPARISON, HELD_BACK } from './work-kinds.js';
import type { ComparisonTrigger } from '#libs/contracts/src/comparator.js';
import { heldBackHours } from '#libs/contracts/src/held-back.js';
import { Problem } from '#libs/contracts/src/problem.js';
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
    private readonly heldBack: HeldBackRepository,
    private readonly queue: WorkQueue,
  ) {}

  async open(tx: Tx, { by, trigger }: Wish, appIds: readonly string[]) {
    const batchId = uuidv7();
    const comparisons = await this.comparisons.addBatch(tx, { batchId, by, trigger }, wantedOf(appIds));
    return this.begun(tx, batchId, comparisons);
  }

  /** What it finds is kept from everybody but staff; comparisons that are published go on beside it. */
  async holdBack(tx: Tx, by: string, appIds: readonly string[]) {
    const batchId = uuidv7();
    const expiresAt = new Date(tx.now.getTime() + heldBackHours * 3_600_000);
    if (!(await this.heldBack.open(tx, { batchId, by, expiresAt })))
      throw new Problem('conflict', 'Another batch is held back.', 'Publish or discard that one first.');
    const comparisons = await this.comparisons.add(tx, { batchId, trigger: 'staff' }, wantedOf(appIds), false);
    await this.queue.schedule(tx, HELD_BACK, batchId);
    return this.begun(tx, batchId, comparisons);
  }

  private async begun(
    tx: Tx,
    batchId: string,
    comparisons: readonly { appId: string; comparisonId: string; opened: boolean }[],
  ) {
    const opened = comparisons.filter((one) => one.opened).map((one) => one.comparisonId);
    await this.queue.scheduleAll(tx, COMPARISON, opened);
    return { batchId, comparisons: comparisons.map(({ comparisonId, appId }) => ({ comparisonId, appId })) };
  }
}

const wantedOf = (appIds: readonly string[]) => appIds.map((appId) => ({ appId, comparisonId: uuidv7() }));
