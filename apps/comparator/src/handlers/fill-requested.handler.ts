import { Controller } from '@nestjs/common';
import { Newcomers } from '../newcomers.js';
import { FillRepository } from '../persistence/fill.repository.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { FillRequested } from '#libs/contracts/src/submission.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** From now on rows of this fill may be on their way; nobody answers for them until it closes. It may have closed already. */
@Controller()
export class FillRequestedHandler {
  constructor(
    private readonly fills: FillRepository,
    private readonly newcomers: Newcomers,
  ) {}

  @Handles(FillRequested)
  async handle({ data }: MessageOf<typeof FillRequested>, tx: Tx): Promise<void> {
    if (await this.fills.open(tx, data)) await this.newcomers.compare(tx, data.number);
  }
}
