import { Controller } from '@nestjs/common';
import { LedgerRepository } from '../persistence/ledger.repository.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { AppSubmitted } from '#libs/contracts/src/submission.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

@Controller()
export class AppSubmittedHandler {
  constructor(private readonly ledger: LedgerRepository) {}

  @Handles(AppSubmitted)
  async handle({ data }: MessageOf<typeof AppSubmitted>, tx: Tx): Promise<void> {
    await this.ledger.join(tx, data);
  }
}
