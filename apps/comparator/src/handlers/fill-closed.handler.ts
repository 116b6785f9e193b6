import { Controller } from '@nestjs/common';
import { Batches } from '../batches.js';
import { LedgerRepository } from '../persistence/ledger.repository.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { FillClosed } from '#libs/contracts/src/filler.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Apps answer for this fill now. Those that have never been compared are compared at once: a newcomer need not wait. */
@Controller()
export class FillClosedHandler {
  constructor(
    private readonly ledger: LedgerRepository,
    private readonly batches: Batches,
  ) {}

  @Handles(FillClosed)
  async handle({ data }: MessageOf<typeof FillClosed>, tx: Tx): Promise<void> {
    await this.ledger.closeFill(tx, data.number, data.closedAt);
    const newcomers = await this.ledger.neverCompared(tx, data.number);
    if (newcomers.length === 0) return;
    await this.batches.open(
      tx,
      { by: 'lockstep', trigger: 'first-fill' },
      newcomers.map((app) => app.appId),
    );
  }
}
