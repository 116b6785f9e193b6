import { Controller } from '@nestjs/common';
import { LedgerRepository } from '../persistence/ledger.repository.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { FillRequested } from '#libs/contracts/src/submission.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** From now on rows of this fill may be on their way; nobody answers for them until it closes. */
@Controller()
export class FillRequestedHandler {
  constructor(private readonly ledger: LedgerRepository) {}

  @Handles(FillRequested)
  async handle({ data }: MessageOf<typeof FillRequested>, tx: Tx): Promise<void> {
    await this.ledger.openFill(tx, data);
  }
}
