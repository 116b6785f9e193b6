import { Injectable } from '@nestjs/common';
import { iso } from './summary-row.js';
import type { ComparisonFailed, ParityComputed } from '#libs/contracts/src/comparator.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { HeldBack, HeldBackBatch } from '#libs/contracts/src/held-back.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** What a comparison that is held back would have said. */
export type Unsaid =
  | { readonly name: 'ParityComputed'; readonly data: DataOf<typeof ParityComputed> }
  | { readonly name: 'ComparisonFailed'; readonly data: DataOf<typeof ComparisonFailed> };

const listedMax = 20;
const columns = `batch_id as "batchId", actor as by, requested_at as "requestedAt", hold as state, expires_at as "expiresAt",
  ended_at as "endedAt", ended_by as "endedBy",
  (select count(*)::int from comparison where comparison.batch_id = batch.batch_id) as total,
  (select count(*)::int from comparison where comparison.batch_id = batch.batch_id and state = 'done') as done`;
const oneSql = `select ${columns} from batch where batch_id = $1 and hold is not null`;

/** Batches that staff hold back, and what they would have said. */
@Injectable()
export class HeldBackRepository {
  /** False when one is open already. */
  async open(tx: Tx, { batchId, by, expiresAt }: { batchId: string; by: string; expiresAt: Date }): Promise<boolean> {
    const opened = await tx.query(
      `insert into batch (batch_id, actor, trigger, requested_at, hold, expires_at) values ($1, $2, 'staff', $3, 'open', $4)
       on conflict (hold) where hold = 'open' do nothing returning 1`,
      [batchId, by, tx.now, expiresAt],
    );
    return opened.length > 0;
  }

  /** An open one first, then the newest. */
  async list(tx: Tx): Promise<HeldBackBatch[]> {
    const rows = await tx.query<HeldBackBatch>(
      `select ${columns} from batch where hold is not null order by hold = 'open' desc, requested_at desc limit $1`,
      [listedMax],
    );
    return rows.map(withTimes);
  }

  async find(tx: Tx, batchId: string): Promise<HeldBackBatch | undefined> {
    const [row] = await tx.query<HeldBackBatch>(oneSql, [batchId]);
    return row && withTimes(row);
  }

  /** The same, and nobody else ends it before this transaction does. */
  async lock(tx: Tx, batchId: string): Promise<HeldBackBatch | undefined> {
    const [row] = await tx.query<HeldBackBatch>(`${oneSql} for update`, [batchId]);
    return row && withTimes(row);
  }

  async end(tx: Tx, batchId: string, state: Exclude<HeldBack['state'], 'open'>, by: string): Promise<void> {
    await tx.query('update batch set hold = $2, ended_at = $3, ended_by = $4 where batch_id = $1', [
      ...[batchId, state, tx.now, by],
    ]);
  }

  /** Kept instead of said. */
  async keep(tx: Tx, comparisonId: string, unsaid: Unsaid): Promise<void> {
    await tx.query('update comparison set unsaid = $2 where comparison_id = $1', [
      comparisonId,
      JSON.stringify(unsaid),
    ]);
  }

  /** What a batch would say, one page of it. */
  async unsaid(tx: Tx, batchId: string, { skip, limit }: { skip: number; limit: number }): Promise<Unsaid[]> {
    const rows = await tx.query<{ unsaid: Unsaid }>(
      `select unsaid from comparison where batch_id = $1 and unsaid is not null order by comparison_id limit $2 offset $3`,
      [batchId, limit, skip],
    );
    return rows.map((row) => row.unsaid);
  }

  /** From now on they are comparisons like any other; returns what they have to say, in the order in which they came to it. */
  async release(tx: Tx, batchId: string): Promise<Unsaid[]> {
    const rows = await tx.query<{ unsaid: Unsaid }>(
      `with released as (
         update comparison set is_public = true, unsaid = null from comparison as before
         where comparison.batch_id = $1 and before.comparison_id = comparison.comparison_id
         returning before.unsaid, comparison.computed_at)
       select unsaid from released where unsaid is not null order by computed_at`,
      [batchId],
    );
    return rows.map((row) => row.unsaid);
  }

  async forget(tx: Tx, batchId: string): Promise<void> {
    await tx.query('delete from comparison where batch_id = $1 and not is_public', [batchId]);
  }
}

const withTimes = (row: HeldBackBatch): HeldBackBatch => ({
  ...row,
  ...{ requestedAt: iso(row.requestedAt)!, expiresAt: iso(row.expiresAt)!, endedAt: iso(row.endedAt) },
});
