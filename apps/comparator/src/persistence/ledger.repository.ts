import { Injectable } from '@nestjs/common';
import { CanaryRepository } from './canary.repository.js';
import { iso } from './summary-row.js';
import { carriedMax, type KeptLedger } from '../domain/kept-ledger.js';
import type { History, Obligation } from '../domain/obligation.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { TargetFilled, WriteKind } from '#libs/contracts/src/filler.js';
import { SharedStatement, type Asked } from '#libs/platform/src/shared-statement.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface ComparedApp {
  readonly appId: string;
  readonly name: string;
  readonly url: string;
  readonly joinedAt: string;
}

type InheritedRow = Asked & Obligation & { readonly kind: WriteKind };

/** A fill that obliges whoever acknowledged a write of it: it has closed, and was asked for since the app joined. */
const fillOwes = (joinedAt: string): string => `closed_at is not null and requested_at >= ${joinedAt}`;
/** Of such a fill: what was acknowledged by the app at its address of today. */
const hasStayed = `not exists (select from app_move where app_move.app_id = target_id and at > requested_at and at <= acknowledged_at)`;

/**
 * What obliges an app: acknowledged, in a fill that has closed and was requested since it joined. A fill that was under way while
 * the app moved wrote to its old address until it ended: what was acknowledged after the move obliges nobody.
 */
export const owedSince = (joinedAt: string, hasMoved = 'true'): string =>
  `outcome = 'acknowledged' and ${fillOwes(joinedAt)} and (not ${hasMoved} or ${hasStayed})`;

/** The kinds, and how many of each are carried: constants, so that one plan serves for all. */
export const kindsWithMax = Object.entries(carriedMax)
  .map(([kind, max]) => `('${kind}', ${max ?? 'null'}::int)`)
  .join(', ');
const wanted = `(values ${kindsWithMax}) as wanted (kind, max)`;

interface AskedApp {
  readonly appId: string;
  readonly joinedAt: string;
  /** Later fills count as open. */
  readonly closedFill: number;
}
const asked = `asked as materialized (
  select ask::int, app, since, closed, exists (select from app_move where app_id = app) as has_moved
  from unnest($1::uuid[], $2::timestamptz[], $3::int[]) with ordinality as asked (app, since, closed, ask))`;
const columnsOf = (apps: readonly AskedApp[]) =>
  (['appId', 'joinedAt', 'closedFill'] as const).map((name) => apps.map((app) => app[name]));

const isoText = (time: string): string => `to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
/** `KeptWrite`s as JSON, with commas between them. */
const keptWrites = (isOwed: string): string =>
  `string_agg(json_build_array(marker, payload, index, ${isOwed}, ${isoText('acknowledged_at')}, ${isoText('sent_at')})::text, ',' order by index)`;

/**
 * What is carried of each kind, fill by fill: those in which something obliges until there are as many as are carried, and those in
 * which nothing does until there are as many beside them. What a fill holds was put together when it was written; of an app that has
 * moved, what obliges it is found out write by write.
 */
const kept = new SharedStatement<AskedApp, Asked & { kind: WriteKind; acknowledged: number; fills: string }>(
  `with ${asked}
   select ask, wanted.kind, carried.* from asked cross join ${wanted} cross join lateral (
     select coalesce(max(all_owed), 0)::int as acknowledged,
            concat('[', string_agg(concat('[', fill, ',', owes::text, ',[', case when has_moved then (
              select ${keptWrites(`outcome = 'acknowledged' and ${hasStayed}`)}
              from ledger_write where target_id = app and ledger_write.kind = wanted.kind and fill_number = fill) else writes end, ']]'), ',' order by fill desc), ']') as fills
     from (
       select *, sum(owed) over () as all_owed, sum(owed) over newer - owed as newer_owed, sum(count - owed) over newer - count + owed as newer_others
       from (
         select *, case when not owes then 0 when not has_moved then acknowledged else (
           select count(*) from ledger_write where target_id = app and ledger_write.kind = wanted.kind and fill_number = fill and outcome = 'acknowledged' and ${hasStayed}) end as owed
         from (
           select fill_number as fill, count, acknowledged, writes, requested_at, coalesce(${fillOwes('since')} and fill_number <= closed, false) as owes
           from ledger_part left join fill on number = fill_number where target_id = app and ledger_part.kind = wanted.kind) as part) as part
       window newer as (order by fill desc)) as part
     where case when max is null then owed > 0 else newer_owed < max and (owed > 0 or newer_others < max) end) as carried`,
  columnsOf,
);

/**
 * What the baseline acknowledged in fills that closed before the app joined, or while it refused it. A fill that was open when it
 * joined came too late for its copy and too early for its obligation.
 */
const inheritances = new SharedStatement<AskedApp, InheritedRow>(
  `with ${asked}
   select ask, wanted.kind, newest.* from asked cross join ${wanted} cross join lateral (
     select base.marker, base.payload, base.fill_number as fill, base.index, base.acknowledged_at as "acknowledgedAt", base.sent_at as "sentAt"
     from fill join ledger_write as base on base.fill_number = number and base.target_id = baseline_id
          left join ledger_write as own on own.target_id = app and own.marker = base.marker
     where base.kind = wanted.kind and base.outcome = 'acknowledged' and number <= closed
       and (closed_at <= since or (closed_at is not null and own.outcome = 'refused'))
       and coalesce(own.outcome, '') not in ('unknown', 'skipped')
     order by base.fill_number desc, base.index desc limit wanted.max) as newest
   order by ask, fill, index`,
  columnsOf,
);

/** What every target was sent, and how it ended. */
@Injectable()
export class LedgerRepository {
  constructor(private readonly canaries: CanaryRepository) {}

  async addWrites(tx: Tx, { targetId, number, writes }: DataOf<typeof TargetFilled>): Promise<void> {
    await tx.query(
      `with added as (
         insert into ledger_write (target_id, marker, kind, payload, fill_number, index, outcome, acknowledged_at, sent_at)
         select $1, marker, kind, payload, $2, index, outcome, case when outcome = 'acknowledged' then answered_at end, sent_at
         from unnest($3::text[], $4::text[], $5::jsonb[], $6::int[], $7::text[], $8::timestamptz[], $9::timestamptz[])
           as write (marker, kind, payload, index, outcome, answered_at, sent_at)
         on conflict (target_id, marker) do nothing returning *)
       insert into ledger_part as part (target_id, kind, fill_number, count, acknowledged, writes)
       select $1, kind, $2, count(*), count(*) filter (where outcome = 'acknowledged'), ${keptWrites(`outcome = 'acknowledged'`)}
       from added group by kind
       on conflict (target_id, kind, fill_number) do update set count = part.count + excluded.count,
         acknowledged = part.acknowledged + excluded.acknowledged, writes = part.writes || ',' || excluded.writes`,
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
  ): Promise<Record<WriteKind, KeptLedger>> {
    const one = { appId: app.appId, joinedAt: app.joinedAt, closedFill };
    const carried = await kept.ask(tx, one);
    const inherited = history === 'full' ? await inheritances.ask(tx, one) : null;
    const canaries = await this.canaries.telling(tx, app, closedFill);
    const of = (kind: WriteKind): KeptLedger => {
      const { acknowledged, fills } = carried.find((row) => row.kind === kind)!;
      return {
        ...{ acknowledged, fills },
        ...(inherited ? { inherited: inherited.filter((row) => row.kind === kind).map(toObligation) } : {}),
        canaries: canaries.filter((row) => row.kind === kind).map(({ kind: _, ...canary }) => canary),
      };
    };
    return { entry: of('entry'), mood: of('mood'), value: of('value') };
  }

  /** Deletes writes of fills that closed before a time, and what was put together of them, as many of each as `limit`; returns how many writes. */
  async sweep(tx: Tx, before: Date, limit: number): Promise<number> {
    await tx.query(
      `delete from ledger_part where ctid in (
         select ledger_part.ctid from ledger_part join fill on fill.number = fill_number where closed_at < $1 limit $2)`,
      [before, limit],
    );
    const rows = await tx.query(
      `delete from ledger_write where ctid in (
         select ledger_write.ctid from ledger_write join fill on fill.number = fill_number where closed_at < $1 limit $2)
       returning 1`,
      [before, limit],
    );
    return rows.length;
  }
}

const toObligation = ({ marker, payload, fill, index, acknowledgedAt, sentAt }: Obligation): Obligation => ({
  ...{ marker, payload, fill, index },
  acknowledgedAt: iso(acknowledgedAt),
  sentAt: iso(sentAt ?? null),
});
