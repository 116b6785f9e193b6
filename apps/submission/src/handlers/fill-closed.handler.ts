import { Controller } from '@nestjs/common';
import { FillScheduler } from '../fill-scheduler.js';
import { FillRepository } from '../persistence/fill.repository.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { FillClosed } from '#libs/contracts/src/filler.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** The open fill has closed: the next one may be scheduled. */
@Controller()
export class FillClosedHandler {
  constructor(
    private readonly fills: FillRepository,
    private readonly scheduler: FillScheduler,
  ) {}

  @Handles(FillClosed)
  async handle({ data }: MessageOf<typeof FillClosed>, tx: Tx): Promise<void> {
    const fill = await this.fills.find(tx, data.fillId);
    if (!fill) throw new Error(`fill ${data.number} closed, but it was never requested here`);
    fill.closedAt = new Date(data.closedAt);
    await tx.flush();
    await this.scheduler.lookSoon(tx);
  }
}
