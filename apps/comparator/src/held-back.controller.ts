import { Controller } from '@nestjs/common';
import { previewed } from './on-board.js';
import { HeldBackRepository, type Unsaid } from './persistence/held-back.repository.js';
import { ComparisonFailed, ParityComputed } from '#libs/contracts/src/comparator.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import {
  DiscardBatch,
  ListHeldBack,
  ListUnsaid,
  PublishBatch,
  type HeldBackBatch,
} from '#libs/contracts/src/held-back.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { pageOf } from '#libs/contracts/src/shapes.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import { Outbox } from '#libs/messaging/src/outbox.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Of a batch, read at once; the bytes of an answer end a page sooner. */
const unsaidMax = 500;

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

  @Answers(ListUnsaid)
  async unsaid({ batchId, skip }: DataOf<typeof ListUnsaid>, tx: Tx) {
    asOpen(await this.heldBack.find(tx, batchId));
    const rows = await this.heldBack.unsaid(tx, batchId, { skip, limit: unsaidMax + 1 });
    const verdicts = pageOf(rows.slice(0, unsaidMax).map(previewed));
    return { verdicts, next: rows.length > verdicts.length ? skip + verdicts.length : null };
  }

  @Answers(PublishBatch)
  async publish({ batchId, by }: DataOf<typeof PublishBatch>, tx: Tx) {
    const batch = asOpen(await this.heldBack.lock(tx, batchId));
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
    asOpen(await this.heldBack.lock(tx, batchId));
    await this.heldBack.forget(tx, batchId);
    await this.heldBack.end(tx, batchId, 'discarded', by);
    return { batchId };
  }

  private say(tx: Tx, unsaid: Unsaid): void {
    if (unsaid.name === 'ParityComputed') this.outbox.send(tx, ParityComputed, unsaid.data);
    else this.outbox.send(tx, ComparisonFailed, unsaid.data);
  }
}

function asOpen(batch: HeldBackBatch | undefined): HeldBackBatch {
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
