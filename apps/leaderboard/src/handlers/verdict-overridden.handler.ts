import { Controller } from '@nestjs/common';
import { overrideText } from '../domain/log-text.js';
import { withOverride } from '../domain/override.js';
import { BoardRepository } from '../persistence/board.repository.js';
import { HistoryRepository } from '../persistence/history.repository.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { VerdictOverridden } from '#libs/contracts/src/overrides.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import { traceIdOf } from '#libs/platform/src/telemetry/spans.js';
import type { Tx } from '#libs/platform/src/transaction.js';

@Controller()
export class VerdictOverriddenHandler {
  constructor(
    private readonly boards: BoardRepository,
    private readonly history: HistoryRepository,
  ) {}

  @Handles(VerdictOverridden)
  async handle({ data, traceparent }: MessageOf<typeof VerdictOverridden>, tx: Tx): Promise<void> {
    const board = await this.boards.open(tx);
    const about = { at: new Date(data.at), appId: data.appId, traceId: traceIdOf(traceparent) };
    board.change(data.appId, (standing) => ({
      standing: withOverride(standing, data),
      line: { ...overrideText(standing.name, data), ...about },
    }));
    await this.history.addOverride(tx, data);
  }
}
