import { Injectable } from '@nestjs/common';
import { CanaryRepository } from './canary.repository.js';
import { iso } from './summary-row.js';
import type { History, Ledger, Obligation } from '../domain/obligation.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { TargetFilled, WriteKind, WritePayload } from '#libs/contracts/src/filler.js';
import { SharedStatement, type Asked } from '#libs/platform/src/shared-statement.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface ComparedApp {
  readonly appId: string;
  readonly name: string;
  readonly url: string;
  readonly joinedAt: string;
}

type InheritedRow = Asked & Obligation & { readonly kind: WriteKind };
type Write = Obligation & { readonly kind: WriteKind; readonly owed: boolean };

/**
 * What obliges an app: acknowledged, in a fill that has closed and was requested since it joined. A fill that was under way while
 * the app moved wrote to its old address until it ended: what was acknowledged after the move obliges nobody.
 */
export const owedSince = (
  joinedAt: string,
  hasMoved = 'true',
): string => `outcome = 'acknowledged' and closed_at is not null and requested_at >= ${joinedAt}
  and (not ${hasMoved} or not exists (select from app_move where app_move.app_id = target_id and at > requested_at and at <= acknowledged_at))`;
const owed = `${owedSince('since', 'has_moved')} and fill_number <= closed`;

/** The newest writes of one kind that are carried into a look, of those that oblige and of those that do not: twice what a window shows. */
export const carriedMax: Record<WriteKind, number | null> = { entry: 400, mood: 200, value: null };

/** The kinds, and how many of each: constants, so that one plan serves for all. */
export const kindsWithMax = Object.entries(carriedMax)
  .map(([kind, max]) => `('${kind}', ${max ?? 'null'}::int)`)
  .join(', ');
const kinds = Object.keys(carriedMax) as WriteKind[];
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

const counts = new SharedStatement<AskedApp, Asked & { readonly kind: WriteKind; readonly acknowledged: number }>(
  `with ${asked}
   select ask, counted.* from asked cross join lateral (
     select kind, count(*)::int as acknowledged from ledger_write join fill on fill.number = fill_number
     where target_id = app and ${owed} group by kind) as counted`,
  columnsOf,
);

const write = `marker, payload, fill_number as fill, index, acknowledged_at as "acknowledgedAt", sent_at as "sentAt", coalesce(${owed}, false) as owed`;
const ofApp = 'from ledger_write left join fill on fill.number = fill_number where target_id = app';
const newestFirst = 'order by fill_number desc, index desc';

type WriteAsJson = readonly [marker: string, payload: WritePayload, fill: number, index: number, acknowledgedAt: string | null, sentAt: string | null, owed: boolean]; // prettier-ignore
interface NewestWrites extends Asked {
  readonly kind: WriteKind;
  readonly writes: readonly WriteAsJson[] | null;
}

/**
 * The newest writes of each kind, whether they oblige or not, twice as many as are carried of either: as a rule all that is carried is
 * among them. As one JSON text per kind, which is read several times as fast as rows.
 */
const newest = new SharedStatement<AskedApp, NewestWrites>(
  `with ${asked}
   select ask, wanted.kind,
          (select json_agg(json_build_array(marker, payload, fill, index, "acknowledgedAt", "sentAt", owed)) from (
             select ${write} ${ofApp} and ledger_write.kind = wanted.kind and (max is not null or ${owed})
             ${newestFirst} limit 2 * max) as newest) as writes
   from asked cross join ${wanted}`,
  columnsOf,
);

/** What is carried, for an app with many writes that do not oblige it. */
const carried = new SharedStatement<AskedApp, InheritedRow & Write>(
  `with ${asked},
   obliging as materialized (
     select ask, wanted.kind, newest.* from asked cross join ${wanted} cross join lateral (
       select ${write} ${ofApp} and ledger_write.kind = wanted.kind and ${owed} ${newestFirst} limit wanted.max) as newest),
   edge as (select ask, kind, max, min(fill) as fill from obliging join ${wanted} using (kind) where max is not null group by ask, kind, max)
   select * from obliging union all
   select ask, edge.kind, newest.* from asked join edge using (ask) cross join lateral (
     select ${write} ${ofApp} and ledger_write.kind = edge.kind and fill_number >= edge.fill and not coalesce(${owed}, false)
     ${newestFirst} limit edge.max) as newest`,
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
    const one = { appId: app.appId, joinedAt: app.joinedAt, closedFill };
    const rows = await this.carried(tx, one);
    const inherited = history === 'full' ? await inheritances.ask(tx, one) : null;
    const canaries = await this.canaries.telling(tx, app, closedFill);
    // What is carried is all that there is, as a rule.
    const isCut = kinds.some((kind) => rows[kind].owed.length === carriedMax[kind]);
    const counted = isCut ? await counts.ask(tx, one) : undefined;
    const of = (kind: WriteKind): Ledger => ({
      acknowledged: counted?.find((count) => count.kind === kind)?.acknowledged ?? rows[kind].owed.length,
      obligations: rows[kind].owed.map(toObligation),
      others: rows[kind].others.map(toObligation),
      ...(inherited ? { inherited: inherited.filter((row) => row.kind === kind).map(toObligation) } : {}),
      canaries: canaries.filter((row) => row.kind === kind).map(({ kind: _, ...canary }) => canary),
    });
    return { entry: of('entry'), mood: of('mood'), value: of('value') };
  }

  /** In the order of writing: those that oblige, and beside them those that do not. */
  private async carried(tx: Tx, app: AskedApp): Promise<Record<WriteKind, CarriedWrites>> {
    const rows = (await newest.ask(tx, app)).flatMap(({ kind, writes }) => writes?.map(ofJson(kind)) ?? []);
    const found = carriedOf(rows);
    const isEnough = kinds.every((kind) => {
      const max = carriedMax[kind] ?? Infinity;
      return found[kind].owed.length === max || rows.filter((row) => row.kind === kind).length < 2 * max;
    });
    return isEnough ? found : carriedOf((await carried.ask(tx, app)).map((row) => ({ ...row, ...toObligation(row) })));
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

interface CarriedWrites {
  readonly owed: readonly Write[];
  readonly others: readonly Write[];
}

const ofJson =
  (kind: WriteKind) =>
  ([marker, payload, fill, index, acknowledgedAt, sentAt, owed]: WriteAsJson): Write => ({
    ...{ kind, marker, payload, fill, index, owed },
    acknowledgedAt: iso(acknowledgedAt),
    sentAt: iso(sentAt),
  });

function carriedOf(rows: readonly Write[]): Record<WriteKind, CarriedWrites> {
  const of = (kind: WriteKind): CarriedWrites => {
    const max = carriedMax[kind] ?? Infinity;
    const inOrder = rows.filter((row) => row.kind === kind).toSorted((a, b) => a.fill - b.fill || a.index - b.index);
    const owed = inOrder.filter((row) => row.owed).slice(-max);
    const edge = owed[0]?.fill ?? Infinity;
    return { owed, others: inOrder.filter((row) => !row.owed && row.fill >= edge).slice(-max) };
  };
  return { entry: of('entry'), mood: of('mood'), value: of('value') };
}

const toObligation = ({ marker, payload, fill, index, acknowledgedAt, sentAt }: Obligation): Obligation => ({
  ...{ marker, payload, fill, index },
  acknowledgedAt: iso(acknowledgedAt),
  sentAt: iso(sentAt ?? null),
});
