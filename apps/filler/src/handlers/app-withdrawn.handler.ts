import { Controller } from '@nestjs/common';
import { WindowRepository } from '../persistence/window.repository.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { AppWithdrawn } from '#libs/contracts/src/submission.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Who leaves is probed no more, also in the middle of a window. */
@Controller()
export class AppWithdrawnHandler {
  constructor(private readonly windows: WindowRepository) {}

  @Handles(AppWithdrawn)
  async handle({ data }: MessageOf<typeof AppWithdrawn>, tx: Tx): Promise<void> {
    await this.windows.stopOf(tx, data.appId);
  }
}
