import { Controller } from '@nestjs/common';
import { Newcomers } from '../newcomers.js';
import { FillRepository } from '../persistence/fill.repository.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { FillClosed } from '#libs/contracts/src/filler.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Apps answer for this fill from now on, or from when its request arrives over its own log. */
@Controller()
export class FillClosedHandler {
  constructor(
    private readonly fills: FillRepository,
    private readonly newcomers: Newcomers,
  ) {}

  @Handles(FillClosed)
  async handle({ data }: MessageOf<typeof FillClosed>, tx: Tx): Promise<void> {
    if (await this.fills.close(tx, data)) await this.newcomers.compare(tx, data.number);
  }
}
