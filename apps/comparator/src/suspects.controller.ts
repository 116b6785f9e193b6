import { Controller } from '@nestjs/common';
import { SuspectRepository } from './persistence/suspect.repository.js';
import { ListSuspects } from '#libs/contracts/src/comparator.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { pageOf } from '#libs/contracts/src/shapes.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

const suspectsMax = 100;

@Controller()
export class SuspectsController {
  constructor(private readonly suspects: SuspectRepository) {}

  @Answers(ListSuspects)
  async list(_wanted: DataOf<typeof ListSuspects>, tx: Tx) {
    return { suspects: pageOf(await this.suspects.list(tx, suspectsMax)) };
  }
}
