import { Controller } from '@nestjs/common';
import { HeldBackRepository, type Unsaid } from './persistence/held-back.repository.js';
import { ComparisonFailed, ParityComputed } from '#libs/contracts/src/comparator.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { DiscardBatch, ListHeldBack, PublishBatch, type HeldBackBatch } from '#libs/contracts/src/held-back.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import { Outbox } from '#libs/messaging/src/outbox.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** What staff do with a batch that is held back: look, publish, discard. */
@Controller()
export class HeldBackController {
  constructor(
    private readonly heldBack: HeldBackRepository,
    private readonly outbox: Outbox,
  ) {}

  @Answers(ListHeldBack)
  async list(_wanted: DataOf<typeof ListHeldBack>, tx: Tx) {
    return { batches: await this.heldBack.list(tx) };
  }

  @Answers(PublishBatch)
  async publish({ batchId, by }: DataOf<typeof PublishBatch>, tx: Tx) {
    const batch = await this.open(tx, batchId);
    const left = batch.total - batch.done;
    if (left > 0)
      throw new Problem(
        'conflict',
        `${left} of its ${batch.total} comparisons are still under way.`,
        'Publish it when they are done.',
      );
    const unsaid = await this.heldBack.release(tx, batchId);
    for (const one of unsaid) this.say(tx, one);
    await this.heldBack.end(tx, batchId, 'published', by);
    return { batchId, said: unsaid.length };
  }

  @Answers(DiscardBatch)
  async discard({ batchId, by }: DataOf<typeof DiscardBatch>, tx: Tx) {
    await this.open(tx, batchId);
    await this.heldBack.forget(tx, batchId);
    await this.heldBack.end(tx, batchId, 'discarded', by);
    return { batchId };
  }

  private async open(tx: Tx, batchId: string): Promise<HeldBackBatch> {
    const batch = await this.heldBack.lock(tx, batchId);
    if (!batch) throw new Problem('not-found', 'No batch with this id was held back.', 'Look at those that are.');
    if (batch.state === 'open') return batch;
    const { state, endedAt, endedBy } = batch;
    throw new Problem(
      'conflict',
      state === 'expired'
        ? `It expired at ${endedAt}: nobody had published it in time.`
        : `It was ${state} by ${endedBy} at ${endedAt}.`,
      'Compare again.',
    );
  }

  private say(tx: Tx, unsaid: Unsaid): void {
    if (unsaid.name === 'ParityComputed') this.outbox.send(tx, ParityComputed, unsaid.data);
    else this.outbox.send(tx, ComparisonFailed, unsaid.data);
  }
}
