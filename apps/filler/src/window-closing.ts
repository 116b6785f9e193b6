import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { WindowRepository, type KnownWindow } from './persistence/window.repository.js';
import { ProbeWindowClosed } from '#libs/contracts/src/windows.js';
import { Outbox } from '#libs/messaging/src/outbox.js';
import type { Tx } from '#libs/platform/src/transaction.js';
import { evidenceOf, type Evidence } from '#libs/proof/src/evidence.js';
import { judge, type Proof } from '#libs/proof/src/judge.js';
import type { ProbeRecord } from '#libs/proof/src/record.js';
import { stripOf } from '#libs/proof/src/strip.js';

/** Cells of a window's strip. */
export const stripCells = 120;

export const evidenceFor = (records: readonly ProbeRecord[], proof: Proof): Evidence =>
  evidenceOf(records, proof, (text) => createHash('sha256').update(text).digest('hex'));

/** Judges a window that is over by all that was written down of it, once. */
@Injectable()
export class WindowClosing {
  constructor(
    private readonly windows: WindowRepository,
    private readonly outbox: Outbox,
  ) {}

  async close(tx: Tx, window: KnownWindow): Promise<void> {
    const records = await this.windows.records(tx, window);
    const proof = judge(window.plan, records);
    const { head } = evidenceFor(records, proof);
    await this.windows.close(tx, window.windowId, {
      ...{ proof, head },
      strip: stripOf(window.plan, records, Infinity, stripCells),
    });
    const { windowId, appId, appName, declaredAt } = window;
    const { classes, writes } = proof.figures;
    this.outbox.send(tx, ProbeWindowClosed, {
      ...{ windowId, appId, appName, verdict: proof.verdict, reasons: [...proof.reasons], head },
      downtimeMs: { read: classes.read.downtimeMs, write: classes.write.downtimeMs },
      lost: writes.lost.length,
      declaredAt,
      closedAt: tx.now.toISOString(),
    });
  }
}
