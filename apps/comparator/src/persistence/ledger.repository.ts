import { Injectable } from '@nestjs/common';
import { CanaryRepository } from './canary.repository.js';
import type { Ledger, Obligation } from '../domain/obligation.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { TargetFilled, WriteKind } from '#libs/contracts/src/filler.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface ComparedApp {
  readonly appId: string;
  readonly name: string;
  readonly url: string;
  readonly joinedAt: string;
}

type LedgerRow = Obligation & { readonly owed: boolean };

/**
 * What obliges an app: acknowledged, in a fill that has closed (up to fill $3) and was requested since it joined ($2). A fill that
 * was under way while the app moved wrote to its old address until it ended: what was acknowledged after the move obliges nobody.
 */
const owed = `outcome = 'acknowledged' and closed_at is not null and fill_number <= $3 and requested_at >= $2
  and not exists (select from app_move where app_move.app_id = target_id and at > requested_at and at <= acknowledged_at)`;

/** The newest writes of one kind that are carried into a look, of those that oblige and of those that do not: twice what a window shows. */
const carriedMax: Record<WriteKind, number | null> = { entry: 400, mood: 200, value: null };

/** What every target was sent, and how it ended. */
@Injectable()
export class LedgerRepository {
  constructor(private readonly canaries: CanaryRepository) {}

  async addWrites(tx: Tx, { targetId, number, writes }: DataOf<typeof TargetFilled>): Promise<void> {
    await tx.query(
      `insert into ledger_write (target_id, marker, kind, payload, fill_number, index, outcome, acknowledged_at, sent_at)
       select $1, marker, kind, payload, $2, index, outcome, case when outcome = 'acknowledged' then answered_at end, sent_at
       from unnest($3::text[], $4::text[], $5::jsonb[], $6::int[], $7::text[], $8::timestamptz[], $9::timestamptz[])
         as write (marker, kind, payload, index, outcome, answered_at, sent_at)
       on conflict (target_id, marker) do nothing`,
      [
        targetId,
        number,
        writes.map((write) => write.marker),
        writes.map((write) => write.payload.kind),
        writes.map((write) => JSON.stringify(write.payload)),
        writes.map((write) => write.index),
        writes.map((write) => write.outcome),
        writes.map((write) => write.answeredAt),
        writes.map((write) => write.sentAt),
      ],
    );
  }

  /** What an app was sent of one kind, as far as a look needs it; fills after `closedFill` count as open. */
  async ledger(
    tx: Tx,
    app: Pick<ComparedApp, 'appId' | 'joinedAt'>,
    kind: WriteKind,
    closedFill: number,
  ): Promise<Ledger> {
    const parameters = [app.appId, app.joinedAt, closedFill, kind];
    const [count] = await tx.query<{ acknowledged: number }>(
      `select count(*)::int as acknowledged from ledger_write join fill on fill.number = fill_number
       where target_id = $1 and kind = $4 and ${owed}`,
      parameters,
    );
    const writesWhere = (which: string, limit: string) =>
      `(select marker, payload, fill_number as fill, index, acknowledged_at as "acknowledgedAt",
          sent_at as "sentAt", coalesce(${owed}, false) as owed
        from ledger_write left join fill on fill.number = fill_number where target_id = $1 and kind = $4 and ${which}
        order by fill_number desc, index desc limit ${limit})`;
    const rows = await tx.query<LedgerRow>(
      `with obliging as ${writesWhere(owed, '$5')},
       other as ${writesWhere(`not coalesce(${owed}, false) and fill_number >= (select min(fill) from obliging)`, 'coalesce($5, 0)')}
       select * from obliging union all select * from other order by fill, index`,
      [...parameters, carriedMax[kind]],
    );
    const writes = rows.map(({ owed: isOwed, ...row }) => ({ isOwed, row: { ...row, acknowledgedAt: iso(row.acknowledgedAt), sentAt: iso(row.sentAt) } })); // prettier-ignore
    return {
      acknowledged: count!.acknowledged,
      obligations: writes.filter(({ isOwed }) => isOwed).map(({ row }) => row),
      others: writes.filter(({ isOwed }) => !isOwed).map(({ row }) => row),
      canaries: await this.canaries.telling(tx, app, kind, closedFill),
    };
  }

  /** Deletes writes of fills that closed before a time, as many as `limit`; returns how many. */
  async sweep(tx: Tx, before: Date, limit: number): Promise<number> {
    const rows = await tx.query(
      `delete from ledger_write where ctid in (
         select ledger_write.ctid from ledger_write join fill on fill.number = fill_number where closed_at < $1 limit $2)
       returning 1`,
      [before, limit],
    );
    return rows.length;
  }
}

const iso = (time: string | null | undefined): string | null => (time ? new Date(time).toISOString() : null);
