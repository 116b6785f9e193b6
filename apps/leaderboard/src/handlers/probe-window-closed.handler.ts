import { Controller } from '@nestjs/common';
import { windowText } from '../domain/log-text.js';
import { withWindow } from '../domain/standing.js';
import { BoardRepository } from '../persistence/board.repository.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { ProbeWindowClosed } from '#libs/contracts/src/windows.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import { traceIdOf } from '#libs/platform/src/telemetry/spans.js';
import type { Tx } from '#libs/platform/src/transaction.js';

@Controller()
export class ProbeWindowClosedHandler {
  constructor(private readonly boards: BoardRepository) {}

  @Handles(ProbeWindowClosed)
  async handle({ data, occurredAt, traceparent }: MessageOf<typeof ProbeWindowClosed>, tx: Tx): Promise<void> {
    const board = await this.boards.open(tx);
    const about = { at: occurredAt, appId: data.appId, traceId: traceIdOf(traceparent) };
    board.change(data.appId, (standing) => ({
      standing: withWindow(standing, data),
      line: { ...windowText(standing.name, data), ...about },
    }));
  }
}
