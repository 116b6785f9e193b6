import { Controller } from '@nestjs/common';
import { AppRepository } from '../persistence/app.repository.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { AppWithdrawn } from '#libs/contracts/src/submission.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

@Controller()
export class AppWithdrawnHandler {
  constructor(private readonly apps: AppRepository) {}

  @Handles(AppWithdrawn)
  async handle({ data }: MessageOf<typeof AppWithdrawn>, tx: Tx): Promise<void> {
    await this.apps.leave(tx, data.appId, data.at);
  }
}
