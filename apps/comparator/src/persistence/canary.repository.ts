import { Injectable } from '@nestjs/common';
import type { ComparedApp } from './ledger.repository.js';
import { iso } from './summary-row.js';
import type { Canary } from '../domain/canaries.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { TargetFilled, WriteKind } from '#libs/contracts/src/filler.js';
import { SharedStatement, type Asked } from '#libs/platform/src/shared-statement.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** The newest of one kind that are looked for. Who shows only older ones has lost everything since. */
const carriedMax = 40;

interface Wanted {
  readonly appId: string;
  readonly joinedAt: string;
  readonly closedFill: number;
}

const telling = new SharedStatement<Wanted, Canary & { readonly kind: WriteKind } & Asked>(
  `with asked as materialized (
     select ask, app, since, closed,
            coalesce((select max(fill_number) from ledger_write where target_id = app and outcome <> 'acknowledged'), 0) as gap,
            coalesce((select max(at) from app_move where app_id = app), '-infinity') as moved_at
     from unnest($1::uuid[], $2::timestamptz[], $3::int[]) with ordinality as asked (app, since, closed, ask))
   select ask::int, newest.*
   from asked cross join unnest(array['entry', 'mood', 'value']) as wanted (kind) cross join lateral (
     select marker, canary.kind, payload, fill_number as fill, written_at as "writtenAt", fill_number <= gap as "isBeforeGap"
     from canary join fill on fill.number = fill_number
     where canary.kind = wanted.kind and fill_number <= closed and closed_at is not null and requested_at >= since and requested_at >= moved_at
       and exists (select from ledger_write where target_id = app and ledger_write.kind in ('entry', 'mood', 'value')
                     and ledger_write.fill_number = canary.fill_number and outcome = 'acknowledged')
     order by fill_number desc limit ${carriedMax}) as newest
   order by ask, fill desc`,
  (apps) => (['appId', 'joinedAt', 'closedFill'] as const).map((name) => apps.map((app) => app[name])),
);

/** What only the baseline was sent. It stands apart from the ledger: it obliges nobody. */
@Injectable()
export class CanaryRepository {
  async add(tx: Tx, { number, writes }: DataOf<typeof TargetFilled>): Promise<void> {
    const written = writes.filter(({ canary, outcome }) => canary && outcome === 'acknowledged');
    if (written.length === 0) return;
    await tx.query(
      `insert into canary (marker, kind, payload, fill_number, written_at)
       select marker, kind, payload, $1, written_at
       from unnest($2::text[], $3::text[], $4::jsonb[], $5::timestamptz[]) as write (marker, kind, payload, written_at)
       on conflict do nothing`,
      [
        number,
        written.map(({ marker }) => marker),
        written.map(({ payload }) => payload.kind),
        written.map(({ payload }) => JSON.stringify(payload)),
        written.map(({ answeredAt }) => answeredAt),
      ],
    );
  }

  /**
   * Those that an app cannot have by its own strength, oldest first: of closed fills since it joined and since it moved, of which it has
   * acknowledged writes itself. Older ones may be in the copy of the baseline that it began with.
   */
  async telling(
    tx: Tx,
    app: Pick<ComparedApp, 'appId' | 'joinedAt'>,
    closedFill: number,
  ): Promise<(Canary & { readonly kind: WriteKind })[]> {
    const rows = await telling.ask(tx, { ...app, closedFill });
    return rows.map(({ ask: _, ...row }) => ({ ...row, writtenAt: iso(row.writtenAt)! })).toReversed();
  }

  /** Deletes those of fills that closed before a time, as many as `limit`; returns how many. */
  async sweep(tx: Tx, before: Date, limit: number): Promise<number> {
    const rows = await tx.query(
      `delete from canary where marker in (
         select marker from canary join fill on fill.number = fill_number where closed_at < $1 limit $2)
       returning 1`,
      [before, limit],
    );
    return rows.length;
  }
}
