import { Injectable } from '@nestjs/common';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { FillClosed } from '#libs/contracts/src/filler.js';
import type { FillRequested } from '#libs/contracts/src/submission.js';
import { SharedStatement, type Asked } from '#libs/platform/src/shared-statement.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** How far the fills are when a look begins. */
export interface FillState {
  /** The address of the newest baseline; null before the first fill. */
  readonly baselineUrl: string | null;
  /** The newest fill that has closed; 0: none. */
  readonly closedFill: number;
  /** Closed fills that were requested since a time. */
  readonly fillsClosed: number;
  /** How many writes of one kind may be on their way in open fills. */
  readonly slack: number;
}

const states = new SharedStatement<string, FillState & Asked>(
  `with now as materialized (
     select (select baseline_url from fill where baseline_url is not null order by number desc limit 1) as "baselineUrl",
            coalesce(max(number) filter (where closed_at is not null), 0)::int as "closedFill",
            coalesce(sum(iterations) filter (where closed_at is null), 0)::int as slack
     from fill)
   select ask::int, now.*,
          (select count(*)::int from fill where closed_at is not null and requested_at >= since) as "fillsClosed"
   from now cross join unnest($1::timestamptz[]) with ordinality as asked (since, ask)`,
  (times) => [times],
);

/** Which fills there were. Their events come over two logs, so any of them may be the first. */
@Injectable()
export class FillRepository {
  /** Returns whether the fill is closed and known, so that comparisons may judge it. */
  async open(tx: Tx, data: DataOf<typeof FillRequested>): Promise<boolean> {
    const { fillId, number, iterations, requestedAt, targets } = data;
    const baseline = targets.find((target) => target.role === 'baseline');
    if (!baseline) throw new Error(`fill ${number} has no baseline`);
    const shadow = targets.find((target) => target.role === 'shadow');
    const [fill] = await tx.query<{ isClosed: boolean }>(
      `insert into fill (number, fill_id, iterations, baseline_id, baseline_url, requested_at, shadow_id, shadow_url)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (number) do update set iterations = excluded.iterations, baseline_id = excluded.baseline_id,
         baseline_url = excluded.baseline_url, requested_at = excluded.requested_at,
         shadow_id = excluded.shadow_id, shadow_url = excluded.shadow_url
       returning closed_at is not null as "isClosed"`,
      [
        ...[number, fillId, iterations, baseline.targetId, baseline.url, requestedAt],
        ...[shadow?.targetId ?? null, shadow?.url ?? null],
      ],
    );
    return fill!.isClosed;
  }

  /** The same. */
  async close(tx: Tx, { fillId, number, closedAt }: DataOf<typeof FillClosed>): Promise<boolean> {
    const [fill] = await tx.query<{ isKnown: boolean }>(
      `insert into fill (number, fill_id, closed_at) values ($1, $2, $3)
       on conflict (number) do update set closed_at = excluded.closed_at
       returning requested_at is not null as "isKnown"`,
      [number, fillId, closedAt],
    );
    return fill!.isKnown;
  }

  async state(tx: Tx, since: string): Promise<FillState> {
    const [state] = await states.ask(tx, since);
    return state!;
  }

  /** Deletes old fills that no write belongs to any more, as many as `limit`; the newest stays. Returns how many. */
  async sweep(tx: Tx, before: Date, limit: number): Promise<number> {
    const rows = await tx.query(
      `delete from fill where number in (
         select number from fill where closed_at < $1 and number < (select max(number) from fill)
           and not exists (select from ledger_write where fill_number = number)
           and not exists (select from canary where fill_number = number) limit $2)
       returning 1`,
      [before, limit],
    );
    return rows.length;
  }
}
