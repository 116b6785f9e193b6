import { Controller } from '@nestjs/common';
import { CanaryRepository } from '../persistence/canary.repository.js';
import { LedgerRepository } from '../persistence/ledger.repository.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { TargetFilled } from '#libs/contracts/src/filler.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

@Controller()
export class TargetFilledHandler {
  constructor(
    private readonly ledger: LedgerRepository,
    private readonly canaries: CanaryRepository,
  ) {}

  @Handles(TargetFilled)
  async handle({ data }: MessageOf<typeof TargetFilled>, tx: Tx): Promise<void> {
    await this.ledger.addWrites(tx, { ...data, writes: data.writes.filter((write) => !write.canary) });
    await this.canaries.add(tx, data);
  }
}
