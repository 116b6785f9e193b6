import { Controller } from '@nestjs/common';
import { AppRepository } from '../persistence/app.repository.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { AppSubmitted } from '#libs/contracts/src/submission.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

@Controller()
export class AppSubmittedHandler {
  constructor(private readonly apps: AppRepository) {}

  @Handles(AppSubmitted)
  async handle({ data, occurredAt }: MessageOf<typeof AppSubmitted>, tx: Tx): Promise<void> {
    await this.apps.join(tx, data, occurredAt);
  }
}
