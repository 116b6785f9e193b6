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
    if (data.role === 'app') board.save(withFill(await board.standing(data.targetId), data));
    const appId = data.role === 'app' ? data.targetId : null;
    board.log({ ...filledText(data), at: occurredAt, appId, traceId: traceIdOf(traceparent) });
  }
}
