import { Controller } from '@nestjs/common';
import { joinedText } from '../domain/log-text.js';
import { joined } from '../domain/standing.js';
import { BoardRepository } from '../persistence/board.repository.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { AppSubmitted } from '#libs/contracts/src/submission.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import { traceIdOf } from '#libs/platform/src/telemetry/spans.js';
import type { Tx } from '#libs/platform/src/transaction.js';

@Controller()
export class AppSubmittedHandler {
  constructor(private readonly boards: BoardRepository) {}

  @Handles(AppSubmitted)
  async handle({ data, occurredAt, traceparent }: MessageOf<typeof AppSubmitted>, tx: Tx): Promise<void> {
    const board = await this.boards.open(tx);
    const about = { at: occurredAt, appId: data.appId, traceId: traceIdOf(traceparent) };
    board.change(data.appId, (standing) => ({
      standing: joined(standing, data),
      line: { ...joinedText(data.name, standing.known && standing.leftAt === null), ...about },
      forgetsLines: data.isPseudonym && standing.name !== data.name,
    }));
  }
}
