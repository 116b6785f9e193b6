import { Injectable } from '@nestjs/common';
import { partNote, partOutcome } from './domain/part-outcome.js';
import { FillRepository, type Part } from './persistence/fill.repository.js';
import { toFillWrite, WriteRepository } from './persistence/write.repository.js';
import { FillClosed, TargetFilled } from '#libs/contracts/src/filler.js';
import type { FillDriver } from '#libs/contracts/src/shapes.js';
import { Outbox } from '#libs/messaging/src/outbox.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** A part ends, and with the last part its fill: recorded and said in one transaction. */
@Injectable()
export class PartEnding {
  constructor(
    private readonly fills: FillRepository,
    private readonly writes: WriteRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Writes without an outcome are ended with `reason`. */
  async end(tx: Tx, part: Part, driver: FillDriver, reason: string): Promise<void> {
    await this.writes.endOpen(tx, part.fillId, part.targetId, reason);
    const writes = (await this.writes.list(tx, part.fillId, part.targetId)).map(toFillWrite);
    const outcome = partOutcome(writes.map((write) => write.outcome));
    const note = partNote(writes);
    await this.fills.end(tx, part, { outcome, note, driver });
    const { fillId, number, targetId, role, name } = part;
    this.outbox.send(tx, TargetFilled, {
      fillId,
      number,
      targetId,
      role,
      targetName: name,
      driver,
      outcome,
      note,
      endedAt: tx.now.toISOString(),
      writes,
    });
    await this.closeIfLast(tx, fillId);
  }

  private async closeIfLast(tx: Tx, fillId: string): Promise<void> {
    if ((await this.fills.openParts(tx, fillId)).length > 0) return;
    const closed = await this.fills.close(tx, fillId);
    if (closed) this.outbox.send(tx, FillClosed, { fillId, ...closed, closedAt: tx.now.toISOString() });
  }
}
