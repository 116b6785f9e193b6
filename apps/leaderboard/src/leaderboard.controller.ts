import { Controller } from '@nestjs/common';
import { FillProgressRepository } from './persistence/fill-progress.repository.js';
import { readChanges, readLog } from './persistence/board-reads.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { GetBoardChanges, GetLog } from '#libs/contracts/src/leaderboard.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

@Controller()
export class LeaderboardController {
  constructor(private readonly fills: FillProgressRepository) {}

  @Answers(GetBoardChanges)
  async changes({ after, limit }: DataOf<typeof GetBoardChanges>, tx: Tx) {
    return { ...(await readChanges(tx, after, limit)), fill: await this.fills.view(tx) };
  }

  @Answers(GetLog)
  async log(data: DataOf<typeof GetLog>, tx: Tx) {
    return { lines: await readLog(tx, data) };
  }
}
