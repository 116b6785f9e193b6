import { Controller } from '@nestjs/common';
import { FillRepository } from '../persistence/fill.repository.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { AppSubmitted } from '#libs/contracts/src/submission.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** A part keeps the name that its app had then; of an app that is under a pseudonym now, no other is shown any more. */
@Controller()
export class AppSubmittedHandler {
  constructor(private readonly fills: FillRepository) {}

  @Handles(AppSubmitted)
  async handle({ data: { appId, name, isPseudonym } }: MessageOf<typeof AppSubmitted>, tx: Tx): Promise<void> {
    if (isPseudonym) await this.fills.rename(tx, appId, name);
  }
}
