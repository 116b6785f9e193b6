import { Controller } from '@nestjs/common';
import { parityText } from '../domain/log-text.js';
import { withParity } from '../domain/standing.js';
import { BoardRepository } from '../persistence/board.repository.js';
import { HistoryRepository } from '../persistence/history.repository.js';
import { ParityComputed } from '#libs/contracts/src/comparator.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import { traceIdOf } from '#libs/platform/src/telemetry/spans.js';
import type { Tx } from '#libs/platform/src/transaction.js';

@Controller()
export class ParityComputedHandler {
  constructor(
    private readonly boards: BoardRepository,
    private readonly history: HistoryRepository,
  ) {}

  @Handles(ParityComputed)
  async handle({ data, traceparent }: MessageOf<typeof ParityComputed>, tx: Tx): Promise<void> {
    const board = await this.boards.open(tx);
    const traceId = traceIdOf(traceparent);
    const about = { at: new Date(data.computedAt), appId: data.appId, traceId };
    board.change(data.appId, (standing) => ({
      standing: withParity(standing, data, { traceId }),
      line: { ...parityText(standing.name, data), ...about },
    }));
    this.history.add(tx, { ...data, traceId });
  }
}
