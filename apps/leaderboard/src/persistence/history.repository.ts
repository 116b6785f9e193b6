import { Injectable } from '@nestjs/common';
import type { ComparisonTrigger, EndpointParity } from '#libs/contracts/src/comparator.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { VerdictOverridden } from '#libs/contracts/src/overrides.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface VerdictAt {
  readonly comparisonId: string;
  readonly batchId: string;
  readonly appId: string;
  readonly trigger: ComparisonTrigger;
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

/** The verdicts of the last 30 days, each with when it became known. Written once per transaction. */
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

  /** What staff say of a verdict stands beside it; the board of this transaction is open, so it has its time. */
  async addOverride(tx: Tx, data: DataOf<typeof VerdictOverridden>): Promise<void> {
    const { verdict, reason, by, at, machine } = data;
    await tx.query(
      `insert into verdict_override (comparison_id, sentence, override, known_at) select $1, $2, $3, known_at from board_head`,
      [data.comparisonId, data.sentence, verdict && JSON.stringify({ verdict, reason, by, at, machine })],
    );
  }

  /**
   * Deletes a bounded number of old ones: called with every fill, it keeps up with what is added. The newest version of each app that
   * is older stays, since the board of the oldest time that is kept is made of it. While the board is frozen nothing goes.
   */
  async sweep(tx: Tx): Promise<void> {
    const before = new Date(tx.now.getTime() - keptDays * dayMs);
    const thawed = await tx.query(
      'update board_head set since = greatest(since, $1) where frozen_at is null returning since',
      [before],
    );
    if (thawed.length === 0) return;
    await tx.query(
      `with verdicts as (delete from verdict_history where ctid in (
              select ctid from verdict_history where computed_at < $1 order by computed_at limit $2)),
            overrides as (delete from verdict_override where ctid in (
              select ctid from verdict_override where known_at < $1 order by known_at limit $2)),
            fills as (delete from fill_version where known_at < (select max(known_at) from fill_version where known_at <= $1))
       delete from standing_version where ctid in (
         select old.ctid from standing_version as old where known_at < $1 and (version is null or exists (
           select from standing_version as newer where newer.app_id = old.app_id and newer.known_at > old.known_at and newer.known_at <= $1))
         order by known_at limit $2)`,
      [before, sweptRowsMax],
    );
  }
}

const write = async (tx: Tx, verdicts: readonly VerdictAt[]): Promise<void> => {
  await tx.query(
    `insert into verdict_history (comparison_id, app_id, verdict, sentence, endpoints, lost_after_ack, computed_at, trace_id,
       batch_id, trigger, known_at)
     select one.*, known_at from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::int[], $7::timestamptz[],
       $8::text[], $9::uuid[], $10::text[]) as one, board_head`,
    [
      verdicts.map((one) => one.comparisonId),
      verdicts.map((one) => one.appId),
      verdicts.map((one) => one.verdict),
      verdicts.map((one) => one.sentence),
      verdicts.map((one) => JSON.stringify(one.endpoints)),
      verdicts.map((one) => one.lostAfterAck),
      verdicts.map((one) => one.computedAt),
      verdicts.map((one) => one.traceId),
      verdicts.map((one) => one.batchId),
      verdicts.map((one) => one.trigger),
    ],
  );
};
