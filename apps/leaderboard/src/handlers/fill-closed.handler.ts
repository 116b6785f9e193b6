import { Controller } from '@nestjs/common';
import { closedText } from '../domain/log-text.js';
import { BoardRepository } from '../persistence/board.repository.js';
import { FillProgressRepository } from '../persistence/fill-progress.repository.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { FillClosed } from '#libs/contracts/src/filler.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import { traceIdOf } from '#libs/platform/src/telemetry/spans.js';
import type { Tx } from '#libs/platform/src/transaction.js';

@Controller()
export class FillClosedHandler {
  constructor(
    private readonly boards: BoardRepository,
    private readonly fills: FillProgressRepository,
  ) {}

  @Handles(FillClosed)
  async handle({ data, occurredAt, traceparent }: MessageOf<typeof FillClosed>, tx: Tx): Promise<void> {
    const board = await this.boards.open(tx);
    await this.fills.closed(tx, data);
    board.log({ ...closedText(data), at: occurredAt, appId: null, traceId: traceIdOf(traceparent) });
  }
}
