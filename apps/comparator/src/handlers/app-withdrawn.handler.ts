import { Controller } from '@nestjs/common';
import { LedgerRepository } from '../persistence/ledger.repository.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { AppWithdrawn } from '#libs/contracts/src/submission.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

@Controller()
export class AppWithdrawnHandler {
  constructor(private readonly ledger: LedgerRepository) {}

  @Handles(AppWithdrawn)
  async handle({ data }: MessageOf<typeof AppWithdrawn>, tx: Tx): Promise<void> {
    await this.ledger.leave(tx, data.appId, data.at);
  }
}
