import { Injectable } from '@nestjs/common';
import { CanaryRepository } from './canary.repository.js';
import type { History, Ledger, Obligation } from '../domain/obligation.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { TargetFilled, WriteKind } from '#libs/contracts/src/filler.js';
import { prepared } from '#libs/platform/src/prepared.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface ComparedApp {
  readonly appId: string;
  readonly name: string;
  readonly url: string;
  readonly joinedAt: string;
}

type LedgerRow = Obligation & { readonly kind: WriteKind; readonly owed: boolean };
type InheritedRow = Obligation & { readonly kind: WriteKind };

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

/** The kinds, and how many of each: constants, so that one plan serves for all. */
export const kindsWithMax = Object.entries(carriedMax)
  .map(([kind, max]) => `('${kind}', ${max ?? 'null'}::int)`)
  .join(', ');
const wanted = `(values ${kindsWithMax}) as wanted (kind, max)`;

const countsSql = prepared(
  `select kind, count(*)::int as acknowledged from ledger_write join fill on fill.number = fill_number
   where target_id = $1 and ${owed} group by kind`,
);

const newestOf = (which: string, limit: string): string =>
  `(select wanted.kind, newest.* from ${wanted} cross join lateral (
     select marker, payload, fill_number as fill, index, acknowledged_at as "acknowledgedAt", sent_at as "sentAt",
            coalesce(${owed}, false) as owed
     from ledger_write left join fill on fill.number = fill_number
     where target_id = $1 and ledger_write.kind = wanted.kind and ${which}
     order by fill_number desc, index desc limit ${limit}) as newest)`;

const besideObliging = `not coalesce(${owed}, false)
  and fill_number >= (select min(obliging.fill) from obliging where obliging.kind = wanted.kind)`;

const rowsSql = prepared(
  `with obliging as materialized ${newestOf(owed, 'wanted.max')},
   other as ${newestOf(besideObliging, 'coalesce(wanted.max, 0)')}
   select * from obliging union all select * from other order by fill, index`,
);

/**
 * What the baseline acknowledged in fills that closed before the app joined, or while it refused it. A fill that was open when it
 * joined came too late for its copy and too early for its obligation.
 */
const inheritedSql = prepared(
  `select wanted.kind, newest.* from ${wanted} cross join lateral (
     select base.marker, base.payload, base.fill_number as fill, base.index, base.acknowledged_at as "acknowledgedAt", base.sent_at as "sentAt"
     from fill join ledger_write as base on base.fill_number = number and base.target_id = baseline_id
          left join ledger_write as own on own.target_id = $1 and own.marker = base.marker
     where base.kind = wanted.kind and base.outcome = 'acknowledged' and number <= $3
       and (closed_at <= $2 or (closed_at is not null and own.outcome = 'refused'))
       and coalesce(own.outcome, '') not in ('unknown', 'skipped')
     order by base.fill_number desc, base.index desc limit wanted.max) as newest
   order by fill, index`,
);

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

  /** What an app was sent of each kind, as far as a look needs it; fills after `closedFill` count as open. */
  async ledgers(
    tx: Tx,
    app: Pick<ComparedApp, 'appId' | 'joinedAt'>,
    { closedFill, history }: { readonly closedFill: number; readonly history: History },
  ): Promise<Record<WriteKind, Ledger>> {
    const until = [app.appId, app.joinedAt, closedFill] as const;
    const counts = await tx.query<{ kind: WriteKind; acknowledged: number }>(countsSql, until);
    const rows = await tx.query<LedgerRow>(rowsSql, until);
    const inherited = history === 'full' ? await tx.query<InheritedRow>(inheritedSql, until) : null;
    const canaries = await this.canaries.telling(tx, app, closedFill);
    const of = (kind: WriteKind): Ledger => {
      const writes = rows.filter((row) => row.kind === kind);
      return {
        acknowledged: counts.find((count) => count.kind === kind)?.acknowledged ?? 0,
        obligations: writes.filter(({ owed: isOwed }) => isOwed).map(toObligation),
        others: writes.filter(({ owed: isOwed }) => !isOwed).map(toObligation),
        ...(inherited ? { inherited: inherited.filter((row) => row.kind === kind).map(toObligation) } : {}),
        canaries: canaries.filter((row) => row.kind === kind).map(({ kind: _, ...canary }) => canary),
      };
    };
    return { entry: of('entry'), mood: of('mood'), value: of('value') };
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

const toObligation = ({ kind: _, owed: __, ...row }: InheritedRow & { readonly owed?: boolean }): Obligation => ({
  ...row,
  acknowledgedAt: iso(row.acknowledgedAt),
  sentAt: iso(row.sentAt),
});
const iso = (time: string | null | undefined): string | null => (time ? new Date(time).toISOString() : null);
