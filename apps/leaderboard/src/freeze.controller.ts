import { Controller } from '@nestjs/common';
import { frozenText, thawedText, type LogText } from './domain/log-text.js';
import { BoardRepository } from './persistence/board.repository.js';
import { FreezeRepository } from './persistence/freeze.repository.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { FreezeBoard, ListFreezes, ThawBoard } from '#libs/contracts/src/leaderboard.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import { currentTraceparent, traceIdOf } from '#libs/platform/src/telemetry/spans.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** What staff do with the freeze. The lock of the board is taken first, so everything else is known clearly before or after it. */
@Controller()
export class FreezeController {
  constructor(
    private readonly boards: BoardRepository,
    private readonly freezes: FreezeRepository,
  ) {}

  @Answers(FreezeBoard)
  async freeze({ by, at }: DataOf<typeof FreezeBoard>, tx: Tx) {
    await this.log(tx, frozenText(by));
    const { frozenAt, since, now } = await this.freezes.read(tx);
    if (frozenAt) throw alreadyFrozen(frozenAt);
    const boardAt = at === undefined ? now : new Date(at);
    if (boardAt < since || boardAt > now) throw outside(since, now);
    await this.freezes.set(tx, boardAt, { by, boardAt });
    return { frozen: { at: boardAt.toISOString() } };
  }

  @Answers(ThawBoard)
  async thaw({ by }: DataOf<typeof ThawBoard>, tx: Tx) {
    await this.log(tx, thawedText(by));
    const { frozenAt } = await this.freezes.read(tx);
    if (!frozenAt) throw new Problem('conflict', 'The scoreboard is not frozen.', 'There is nothing to thaw.');
    await this.freezes.set(tx, null, { by, boardAt: frozenAt });
    return { wasFrozenAt: frozenAt.toISOString() };
  }

  @Answers(ListFreezes)
  async list(_: DataOf<typeof ListFreezes>, tx: Tx) {
    return { freezes: await this.freezes.list(tx) };
  }

  private async log(tx: Tx, text: LogText): Promise<void> {
    const board = await this.boards.open(tx);
    board.log({ ...text, at: tx.now, appId: null, traceId: traceIdOf(currentTraceparent()) });
  }
}

const alreadyFrozen = (at: Date): Problem =>
  new Problem(
    'conflict',
    `The scoreboard is frozen already, at ${at.toISOString()}.`,
    'Thaw it first, and freeze it again at another time.',
  );

const outside = (since: Date, now: Date): Problem =>
  new Problem(
    'validation',
    `The scoreboard can be frozen at a time from ${since.toISOString()} to ${now.toISOString()}.`,
    'Choose a time between them, or leave it out to freeze now.',
    { errors: [{ path: 'at', message: `must not be before ${since.toISOString()} or in the future` }] },
  );
