import { Controller } from '@nestjs/common';
import { leftText } from '../domain/log-text.js';
import { left } from '../domain/standing.js';
import { BoardRepository } from '../persistence/board.repository.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { AppWithdrawn } from '#libs/contracts/src/submission.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import { traceIdOf } from '#libs/platform/src/telemetry/spans.js';
import type { Tx } from '#libs/platform/src/transaction.js';

@Controller()
export class AppWithdrawnHandler {
  constructor(private readonly boards: BoardRepository) {}

  @Handles(AppWithdrawn)
  async handle({ data, occurredAt, traceparent }: MessageOf<typeof AppWithdrawn>, tx: Tx): Promise<void> {
    const board = await this.boards.open(tx);
    const about = { at: occurredAt, appId: data.appId, traceId: traceIdOf(traceparent) };
    board.change(data.appId, (standing) => ({
      standing: left(standing, new Date(data.at)),
      line: { ...leftText(standing.name), ...about },
    }));
  }
}
