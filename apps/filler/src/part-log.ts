import { Injectable } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import type { SendResult } from './clients/fill-driver.js';
import { FillRepository, type Part } from './persistence/fill.repository.js';
import { WriteRepository, type LoggedWrite } from './persistence/write.repository.js';
import type { FillDriver } from '#libs/contracts/src/shapes.js';
import type { Claim } from '#libs/messaging/src/worker.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** The subject of a part's work: which fill, which target. */
export const partSubject = (fillId: string, targetId: string): string => `${fillId}:${targetId}`;
const readSubject = (subject: string): [string, string] => subject.split(':') as [string, string];

/** The send log as the one who fills uses it: every step is on disk, under the claim, before the next begins. */
@Injectable()
export class PartLog {
  constructor(
    private readonly fills: FillRepository,
    private readonly writes: WriteRepository,
  ) {}

  /** The part and its writes, or undefined when it has ended already. */
  begin(claim: Claim): Promise<{ part: Part; writes: LoggedWrite[] } | undefined> {
    return claim.transaction(async (tx) => {
      const part = await this.openPart(claim, tx);
      if (!part) return undefined;
      await this.fills.begin(tx, part);
      return { part, writes: await this.writes.list(tx, part.fillId, part.targetId) };
    });
  }

  /** The part that a claim is about, while it has not ended. */
  async openPart(claim: Claim, tx: Tx): Promise<Part | undefined> {
    const [fillId, targetId] = readSubject(claim.subject);
    const part = await this.fills.findPart(tx, fillId, targetId);
    return part?.state === 'due' || part?.state === 'filling' ? part : undefined;
  }

  /** True when this attempt, and no other ever, may send the write. */
  markSent(claim: Claim, write: LoggedWrite, driver: FillDriver): Promise<boolean> {
    const traceId = trace.getActiveSpan()?.spanContext().traceId ?? null;
    return claim.transaction((tx) => this.writes.markSent(tx, write.writeId, driver, traceId));
  }

  end(claim: Claim, write: LoggedWrite, { outcome, status, reason }: SendResult): Promise<void> {
    const state = outcome === 'not-sent' ? 'planned' : outcome;
    return claim.transaction((tx) => this.writes.end(tx, write.writeId, { state, status, reason }));
  }

  refuseAll(claim: Claim, writes: readonly LoggedWrite[], reason: string): Promise<void> {
    return claim.transaction(async (tx) => {
      for (const write of writes) await this.writes.end(tx, write.writeId, { state: 'refused', status: null, reason });
    });
  }

  unresolved(claim: Claim, part: Part): Promise<LoggedWrite[]> {
    return claim.transaction(async (tx) => {
      const writes = await this.writes.list(tx, part.fillId, part.targetId);
      return writes.filter((write) => write.state === 'sent' || write.state === 'unknown');
    });
  }
}
