import { Controller } from '@nestjs/common';
import { rankMoves } from './domain/rank-preview.js';
import { FillProgressRepository } from './persistence/fill-progress.repository.js';
import { readChanges, readFreeze, readLog } from './persistence/board-reads.js';
import { readBoardAt, readVerdicts, settledTime } from './persistence/past-reads.js';
import { readOnBoard } from './persistence/preview-reads.js';
import { PreviewBoard } from '#libs/contracts/src/board-preview.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { GetBoardAt, GetBoardChanges, GetLog, ListVerdicts } from '#libs/contracts/src/leaderboard.js';
import { pageOf } from '#libs/contracts/src/shapes.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

@Controller()
export class LeaderboardController {
  constructor(private readonly fills: FillProgressRepository) {}

  @Answers(GetBoardChanges)
  async changes({ after, limit }: DataOf<typeof GetBoardChanges>, tx: Tx) {
    return { ...(await readChanges(tx, after, limit)), fill: await this.fills.view(tx) };
  }

  @Answers(GetBoardAt)
  async boardAt({ at: asked, skip, limit }: DataOf<typeof GetBoardAt>, tx: Tx) {
    const { at, since } = await settledTime(tx, asked);
    const page = await readBoardAt(tx, at, skip, limit);
    return { ...page, at: at.toISOString(), since: since.toISOString(), fill: await this.fills.viewAt(tx, at) };
  }

  @Answers(PreviewBoard)
  async preview({ verdicts, skip }: DataOf<typeof PreviewBoard>, tx: Tx) {
    const { moves, unchanged } = rankMoves(await readOnBoard(tx), verdicts);
    const page = pageOf(moves.slice(skip));
    const end = skip + page.length;
    return { moves: page, unchanged, frozen: await readFreeze(tx), next: end < moves.length ? end : null };
  }

  @Answers(ListVerdicts)
  async verdicts(data: DataOf<typeof ListVerdicts>, tx: Tx) {
    return { verdicts: await readVerdicts(tx, data) };
  }

  @Answers(GetLog)
  async log(data: DataOf<typeof GetLog>, tx: Tx) {
    return { lines: await readLog(tx, data) };
  }
}
