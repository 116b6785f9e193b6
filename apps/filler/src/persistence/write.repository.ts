import { Injectable } from '@nestjs/common';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { FillWrite, ListWrites, WriteOutcome, WritePayload } from '#libs/contracts/src/filler.js';
import type { FillDriver } from '#libs/contracts/src/shapes.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/**
 * Life of a write: planned → sent (on disk, before a byte can leave) → acknowledged | refused | unknown.
 * Back from sent to planned only when the driver is certain that nothing left. Never sent twice. skipped: never sent at all.
 */
export type WriteState = 'planned' | 'sent' | WriteOutcome;

export interface LoggedWrite {
  readonly writeId: string;
  readonly index: number;
  readonly marker: string;
  readonly payload: WritePayload;
  /** Who sent it; who was to send it while nobody has. */
  readonly driver: FillDriver;
  readonly state: WriteState;
  readonly status: number | null;
  readonly reason: string | null;
  readonly sentAt: string | null;
  readonly answeredAt: string | null;
  readonly isCanary: boolean;
}

export interface WriteEnd {
  readonly state: WriteState;
  readonly status: number | null;
  readonly reason: string | null;
}

const columns = `write_id as "writeId", index, marker, payload, driver, state, status, reason, sent_at as "sentAt", answered_at as "answeredAt", is_canary as "isCanary"`;

/** The send log. */
@Injectable()
export class WriteRepository {
  list(tx: Tx, fillId: string, targetId: string): Promise<LoggedWrite[]> {
    return tx.query<LoggedWrite>(
      `select ${columns} from write_log where fill_id = $1 and target_id = $2 order by index`,
      [fillId, targetId],
    );
  }

  /** True once, for the one attempt that may send it. */
  async markSent(tx: Tx, writeId: string, driver: FillDriver, traceId: string | null): Promise<boolean> {
    const rows = await tx.query(
      `update write_log set state = 'sent', sent_at = $2, driver = $3, trace_id = $4 where write_id = $1 and state = 'planned' returning 1`,
      [writeId, tx.now, driver, traceId],
    );
    return rows.length === 1;
  }

  async end(tx: Tx, writeId: string, { state, status, reason }: WriteEnd): Promise<void> {
    await tx.query(
      `update write_log set state = $2, status = $3, reason = $4, answered_at = case when $2 = 'planned' then null else $5::timestamptz end,
              sent_at = case when $2 = 'planned' then null else sent_at end
       where write_id = $1 and state in ('planned', 'sent', 'unknown')`,
      [writeId, state, status, reason, tx.now],
    );
  }

  async skipPlanned(tx: Tx, fillId: string, targetId: string, reason: string): Promise<void> {
    await tx.query(
      `update write_log set state = 'skipped', reason = coalesce(reason, $3) where fill_id = $1 and target_id = $2 and state = 'planned'`,
      [fillId, targetId, reason],
    );
  }

  /** What was never sent is skipped; what was sent without an outcome is unknown. */
  async endOpen(tx: Tx, fillId: string, targetId: string, reason: string): Promise<void> {
    await tx.query(
      `update write_log set state = case state when 'planned' then 'skipped' else 'unknown' end, reason = coalesce(reason, $3)
       where fill_id = $1 and target_id = $2 and state in ('planned', 'sent')`,
      [fillId, targetId, reason],
    );
  }

  async totals(tx: Tx, targetId: string): Promise<Record<WriteOutcome, number>> {
    const rows = await tx.query<{ state: WriteState; count: number }>(
      'select state, count(*)::int as count from write_log where target_id = $1 and not is_canary group by state',
      [targetId],
    );
    const count = (state: WriteState) => rows.find((row) => row.state === state)?.count ?? 0;
    return {
      acknowledged: count('acknowledged'),
      refused: count('refused'),
      unknown: count('unknown'),
      skipped: count('skipped'),
    };
  }

  /** Ended writes of a target, newest first. */
  page(tx: Tx, { targetId, only, markers, before, limit, canaries }: DataOf<typeof ListWrites>) {
    const states = only ? ['refused', 'unknown', 'skipped'] : ['acknowledged', 'refused', 'unknown', 'skipped'];
    return tx.query<LoggedWrite & { position: number; number: number; traceId: string | null }>(
      `select ${columns}, position::float8 as position, number, trace_id as "traceId" from write_log
       where target_id = $1 and ($2::bigint is null or position < $2) and state = any($4)
         and ($5::text[] is null or marker = any($5)) and ($6 or not is_canary)
       order by position desc limit $3`,
      [targetId, before ?? null, limit, states, markers ?? null, canaries],
    );
  }
}

const iso = (time: string | null): string | null => (time === null ? null : new Date(time).toISOString());

/** A write whose part has ended, as others see it. */
export const toFillWrite = (write: LoggedWrite): FillWrite => ({
  writeId: write.writeId,
  index: write.index,
  marker: write.marker,
  payload: write.payload,
  outcome: write.state === 'planned' ? 'skipped' : write.state === 'sent' ? 'unknown' : write.state,
  status: write.status,
  reason: write.reason,
  sentAt: iso(write.sentAt),
  answeredAt: iso(write.answeredAt),
  ...(write.isCanary ? { canary: true } : {}),
});
