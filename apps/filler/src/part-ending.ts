import { Injectable } from '@nestjs/common';
import { partNote, partOutcome } from './domain/part-outcome.js';
import { sentence } from './domain/sentence.js';
import { FillRepository, type Part } from './persistence/fill.repository.js';
import { toFillWrite, WriteRepository } from './persistence/write.repository.js';
import { FillClosed, TargetFilled } from '#libs/contracts/src/filler.js';
import { Outbox } from '#libs/messaging/src/outbox.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** A part ends, and with the last part its fill: recorded and said in one transaction, in which the caller has locked fill and part. */
@Injectable()
export class PartEnding {
  constructor(
    private readonly fills: FillRepository,
    private readonly writes: WriteRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Writes without an outcome are ended with `reason`. */
  async end(tx: Tx, part: Part, reason: string): Promise<void> {
    const { fillId, number, targetId, role, name } = part;
    await this.writes.endOpen(tx, fillId, targetId, sentence(reason));
    const logged = await this.writes.list(tx, fillId, targetId);
    const writes = logged.map(toFillWrite);
    const driver = logged.findLast(({ sentAt }) => sentAt !== null)?.driver ?? part.driver;
    const shared = writes.filter((write) => !write.canary);
    const outcome = partOutcome(shared.map((write) => write.outcome));
    const note = partNote(shared);
    await this.fills.end(tx, part, { outcome, note, driver });
    this.outbox.send(tx, TargetFilled, {
      ...{ fillId, number, targetId, role, targetName: name },
      ...{ driver, outcome, note, writes },
      endedAt: tx.now.toISOString(),
    });
    await this.closeIfLast(tx, fillId);
  }

  private async closeIfLast(tx: Tx, fillId: string): Promise<void> {
    if (await this.fills.hasOpenParts(tx, fillId)) return;
    const closed = await this.fills.close(tx, fillId);
    if (closed) this.outbox.send(tx, FillClosed, { fillId, ...closed, closedAt: tx.now.toISOString() });
  }
}
