import { Controller } from '@nestjs/common';
import { fillText } from '../domain/log-text.js';
import { BoardRepository } from '../persistence/board.repository.js';
import { FillProgressRepository } from '../persistence/fill-progress.repository.js';
import { HistoryRepository } from '../persistence/history.repository.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { FillRequested } from '#libs/contracts/src/submission.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import { traceIdOf } from '#libs/platform/src/telemetry/spans.js';
import type { Tx } from '#libs/platform/src/transaction.js';

@Controller()
export class FillRequestedHandler {
  constructor(
    private readonly boards: BoardRepository,
    private readonly fills: FillProgressRepository,
    private readonly history: HistoryRepository,
  ) {}

  @Handles(FillRequested)
  async handle({ data, occurredAt, traceparent }: MessageOf<typeof FillRequested>, tx: Tx): Promise<void> {
    const board = await this.boards.open(tx);
    await this.fills.started(tx, data);
    await this.history.sweep(tx);
    board.log({ ...fillText(data), at: occurredAt, appId: null, traceId: traceIdOf(traceparent) });
  }
}
