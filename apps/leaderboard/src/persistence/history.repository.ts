import { Injectable } from '@nestjs/common';
import type { EndpointParity } from '#libs/contracts/src/comparator.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface VerdictAt {
  readonly comparisonId: string;
  readonly appId: string;
  readonly verdict: Verdict;
  readonly sentence: string;
  readonly endpoints: readonly EndpointParity[];
  readonly lostAfterAck: number;
  readonly computedAt: string;
  readonly traceId: string | null;
}

/** Verdicts are kept for so long. */
const keptDays = 30;
const sweptRowsMax = 5_000;
const dayMs = 86_400_000;

/** The verdicts of the last 30 days: what the board through time is made of. Written once per transaction. */
@Injectable()
export class HistoryRepository {
  private readonly pending = new WeakMap<Tx, VerdictAt[]>();

  add(tx: Tx, verdict: VerdictAt): void {
    const open = this.pending.get(tx);
    if (open) {
      open.push(verdict);
      return;
    }
    const verdicts = [verdict];
    this.pending.set(tx, verdicts);
    tx.beforeCommit('history', () => write(tx, verdicts));
  }

  /** Deletes a bounded number of old ones: called with every fill, it keeps up with what is added. */
  async sweep(tx: Tx): Promise<void> {
    await tx.query(
      `delete from verdict_history where ctid in (
         select ctid from verdict_history where computed_at < $1 order by computed_at limit $2)`,
      [new Date(tx.now.getTime() - keptDays * dayMs), sweptRowsMax],
    );
  }
}

const write = async (tx: Tx, verdicts: readonly VerdictAt[]): Promise<void> => {
  await tx.query(
    `insert into verdict_history (comparison_id, app_id, verdict, sentence, endpoints, lost_after_ack, computed_at, trace_id)
     select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::int[], $7::timestamptz[], $8::text[])`,
    [
      verdicts.map((one) => one.comparisonId),
      verdicts.map((one) => one.appId),
      verdicts.map((one) => one.verdict),
      verdicts.map((one) => one.sentence),
      verdicts.map((one) => JSON.stringify(one.endpoints)),
      verdicts.map((one) => one.lostAfterAck),
      verdicts.map((one) => one.computedAt),
      verdicts.map((one) => one.traceId),
    ],
  );
};
