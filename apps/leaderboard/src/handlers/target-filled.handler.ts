import { Controller } from '@nestjs/common';
import { filledText } from '../domain/log-text.js';
import { withFill } from '../domain/standing.js';
import { BoardRepository } from '../persistence/board.repository.js';
import { FillProgressRepository } from '../persistence/fill-progress.repository.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { TargetFilled } from '#libs/contracts/src/filler.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import { traceIdOf } from '#libs/platform/src/telemetry/spans.js';
import type { Tx } from '#libs/platform/src/transaction.js';

@Controller()
export class TargetFilledHandler {
  constructor(
    private readonly boards: BoardRepository,
    private readonly fills: FillProgressRepository,
  ) {}

  @Handles(TargetFilled)
  async handle({ data, occurredAt, traceparent }: MessageOf<typeof TargetFilled>, tx: Tx): Promise<void> {
    const board = await this.boards.open(tx);
    await this.fills.targetDone(tx, data);
    const about = { at: occurredAt, traceId: traceIdOf(traceparent) };
    const appId = data.role === 'app' ? data.targetId : null;
    const line = (name: string) => ({ ...filledText(name, data), ...about, appId });
    if (appId === null) board.log(line(data.targetName));
    else board.change(appId, (standing) => ({ standing: withFill(standing, data), line: line(standing.name) }));
  }
}
