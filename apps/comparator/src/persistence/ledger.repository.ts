import { Injectable } from '@nestjs/common';
import { CanaryRepository } from './canary.repository.js';
import type { History, Ledger, Obligation } from '../domain/obligation.js';
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
 * What obliges an app: acknowledged, in a fill that has closed and was requested since it joined. A fill that was under way while
 * the app moved wrote to its old address until it ended: what was acknowledged after the move obliges nobody.
 */
export const owedSince = (
  joinedAt: string,
): string => `outcome = 'acknowledged' and closed_at is not null and requested_at >= ${joinedAt}
  and not exists (select from app_move where app_move.app_id = target_id and at > requested_at and at <= acknowledged_at)`;
const owed = `${owedSince('$2')} and fill_number <= $3`;

/** The newest writes of one kind that are carried into a look, of those that oblige and of those that do not: twice what a window shows. */
export const carriedMax: Record<WriteKind, number | null> = { entry: 400, mood: 200, value: null };

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
    { closedFill, history }: { readonly closedFill: number; readonly history: History },
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
      ...(history === 'full' ? { inherited: await this.inherited(tx, parameters, carriedMax[kind]) } : {}),
      canaries: await this.canaries.telling(tx, app, kind, closedFill),
    };
  }

  /**
   * What the baseline acknowledged in fills that closed before the app joined, or while it refused it. A fill that was open when it
   * joined came too late for its copy and too early for its obligation.
   */
  private async inherited(tx: Tx, parameters: readonly unknown[], limit: number | null): Promise<Obligation[]> {
    const rows = await tx.query<Obligation>(
      `select base.marker, base.payload, base.fill_number as fill, base.index, base.acknowledged_at as "acknowledgedAt", base.sent_at as "sentAt"
       from fill join ledger_write as base on base.fill_number = number and base.target_id = baseline_id
            left join ledger_write as own on own.target_id = $1 and own.marker = base.marker
       where base.kind = $4 and base.outcome = 'acknowledged' and number <= $3
         and (closed_at <= $2 or (closed_at is not null and own.outcome = 'refused'))
         and coalesce(own.outcome, '') not in ('unknown', 'skipped')
       order by base.fill_number desc, base.index desc limit $5`,
      [...parameters, limit],
    );
    return rows
      .map((row) => ({ ...row, acknowledgedAt: iso(row.acknowledgedAt), sentAt: iso(row.sentAt) }))
      .toReversed();
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
