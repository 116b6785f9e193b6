import { Injectable } from '@nestjs/common';
import { kindsWithMax, owedSince } from './ledger.repository.js';
import { iso } from './summary-row.js';
import { carriedMax } from '../domain/kept-ledger.js';
import type { Seen } from '../domain/sightings.js';
import type { ListSightings, Sighting, SightingTotals, WritePlace } from '#libs/contracts/src/comparator.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { SharedStatement } from '#libs/platform/src/shared-statement.js';
import type { Tx } from '#libs/platform/src/transaction.js';

type Wanted = DataOf<typeof ListSightings>;
type Row = Sighting & WritePlace;

/** The newest write of each windowed kind that no look is given any more, as `ledger` carries them: it and all before are behind. */
const edges = Object.entries(carriedMax)
  .filter(([, max]) => max !== null)
  .map(
    ([kind, max]) =>
      `(select kind, fill_number as fill, index from ledger_write join fill on number = fill_number
        where target_id = $1 and kind = '${kind}' and ${owedSince('(select joined_at from app where app_id = $1)')}
        order by fill_number desc, index desc offset ${max} limit 1)`,
  )
  .join(' union all ');

/** Every acknowledged write of app $1 with what has been seen of it. */
const answered = `
  with edge as materialized (${edges}),
  answered as (
    select ledger_write.marker, fill_number as fill, ledger_write.index, first_seen_at, lost_at, doubled_at,
           coalesce(last_seen_at, case when sighting.state = 'visible' then endpoint_look.at end) as last_seen_at,
           case when ${owedSince('joined_at')}
                then coalesce(sighting.state, case when (fill_number, ledger_write.index) <= (edge.fill, edge.index) then 'behind' else 'waiting' end)
                when requested_at < joined_at or closed_at is not null then 'excused' else 'waiting' end as state
    from ledger_write join app on app.app_id = target_id left join fill on number = fill_number
         left join sighting on sighting.app_id = target_id and sighting.marker = ledger_write.marker
         left join endpoint_look on endpoint_look.app_id = target_id and endpoint_look.kind = ledger_write.kind
         left join edge on edge.kind = ledger_write.kind
    where target_id = $1 and outcome = 'acknowledged')`;

interface SeenOfApp extends Seen {
  readonly appId: string;
}

/** Of several apps at once; `was` is what was known of each write before. Of most nothing is new. */
const record = new SharedStatement<SeenOfApp>(
  `with seen as materialized (
     select app, at, closed, kind, max, others, joined_at as since, exists (select from app_move where app_move.app_id = app) as has_moved
     from unnest($1::uuid[], $2::timestamptz[], $3::int[], $4::text[], $5::text[]) as seen (app, at, closed, kind, others)
          join (values ${kindsWithMax}) as one (kind, max) using (kind) join app on app.app_id = app),
   named as (select * from unnest($6::uuid[], $7::text[], $8::text[], $9::text[]) as named (app, kind, marker, seen_as)),
   looked_for as materialized (
     select app, at, seen.kind, newest.marker, others from seen cross join lateral (
       select marker from ledger_write join fill on number = fill_number
       where target_id = app and ledger_write.kind = seen.kind and ${owedSince('since', 'has_moved')} and fill_number <= closed
       order by fill_number desc, index desc limit seen.max) as newest),
   found as (
     select app, at, kind, marker, coalesce(named.seen_as, others) as seen_as from looked_for left join named using (app, kind, marker)
     union all
     select app, seen.at, seen.kind, marker, 'behind' from sighting join seen on seen.app = sighting.app_id and seen.kind = sighting.kind
     where state = 'visible' and max is not null
       and not exists (select from looked_for where looked_for.app = seen.app and looked_for.marker = sighting.marker)),
   after as (
     select app, found.at, found.kind, found.marker, found.seen_as, found.seen_as in ('visible', 'doubled') as is_seen,
            case found.seen_as when 'lost' then 'lost' when 'behind' then 'behind' when 'unsure' then known.state else 'visible' end as state,
            known.state as was, first_seen_at, last_seen_at, lost_at, doubled_at
     from found left join (select * from sighting where app_id = any($1)) as known on known.app_id = app and known.marker = found.marker),
   written as (
     select app, kind, marker, state, coalesce(first_seen_at, case when is_seen then at end) as first_seen_at,
            case when not is_seen then coalesce(last_seen_at, case when was = 'visible'
              then (select endpoint_look.at from endpoint_look where app_id = app and endpoint_look.kind = after.kind) end) end as last_seen_at,
            case when state = 'lost' and was is distinct from 'lost' then at else lost_at end as lost_at,
            case when seen_as = 'doubled' then coalesce(doubled_at, at) when not is_seen then doubled_at end as doubled_at
     from after
     where state is not null and not (is_seen and was is not distinct from 'visible' and first_seen_at is not null and last_seen_at is null
                                      and (doubled_at is null) = (seen_as = 'visible'))),
   looked as (
     insert into endpoint_look (app_id, kind, at) select app, kind, at from seen
     on conflict (app_id, kind) do update set at = excluded.at)
   insert into sighting (app_id, marker, kind, state, first_seen_at, last_seen_at, lost_at, doubled_at)
   select app, marker, kind, state, first_seen_at, last_seen_at, lost_at, doubled_at from written
   on conflict (app_id, marker) do update set state = excluded.state, first_seen_at = excluded.first_seen_at,
     last_seen_at = excluded.last_seen_at, lost_at = excluded.lost_at, doubled_at = excluded.doubled_at
   where (sighting.state, sighting.first_seen_at, sighting.last_seen_at, sighting.lost_at, sighting.doubled_at)
         is distinct from (excluded.state, excluded.first_seen_at, excluded.last_seen_at, excluded.lost_at, excluded.doubled_at)`,
  (apps) => {
    const seen = apps.flatMap(({ appId, at, closedFill, kinds }) => kinds.map(({ kind, others }) => [appId, at, closedFill, kind, others])); // prettier-ignore
    const named = apps.flatMap(({ appId, kinds }) => kinds.flatMap(({ kind, named: some }) => [...some].map(([marker, seenAs]) => [appId, kind, marker, seenAs]))); // prettier-ignore
    const columns = (rows: readonly unknown[][], count: number) => Array.from({ length: count }, (_, column) => rows.map((row) => row[column])); // prettier-ignore
    return [...columns(seen, 5), ...columns(named, 4)];
  },
);

/** What was seen of the writes that apps acknowledged. */
@Injectable()
export class SightingRepository {
  /** A comparison has come to its end: only what differs from what is known is written. */
  async record(tx: Tx, appId: string, seen: Seen): Promise<void> {
    if (seen.kinds.length > 0) await record.ask(tx, { appId, ...seen });
  }

  async totals(tx: Tx, appId: string): Promise<SightingTotals> {
    const [row] = await tx.query<SightingTotals>(
      `${answered}
       select count(*)::int as acknowledged,
              ${['visible', 'lost', 'behind', 'waiting', 'excused'].map((state) => `count(*) filter (where state = '${state}')::int as ${state}`).join(', ')},
              count(*) filter (where state = 'visible' and doubled_at is not null)::int as doubled
       from answered`,
      [appId],
    );
    return row!;
  }

  /** Newest first. */
  async page(tx: Tx, { appId, markers, only, before, limit }: Wanted): Promise<Row[]> {
    const rows = await tx.query<Row>(
      `${answered}
       select marker, fill, index, state, first_seen_at as "firstSeenAt", last_seen_at as "lastSeenAt", lost_at as "lostAt",
              case when state = 'visible' then doubled_at end as "doubledAt"
       from answered
       where ($2::text[] is null or marker = any($2))
         and ($3::text is null or ($3 = 'lost' and state = 'lost') or ($3 = 'doubled' and state = 'visible' and doubled_at is not null))
         and ($4::int is null or (fill, index) < ($4, $5))
       order by fill desc, index desc limit $6`,
      [appId, markers ?? null, only ?? null, before?.fill ?? null, before?.index ?? null, limit],
    );
    return rows.map(toRow);
  }
}

const toRow = (row: Row): Row => ({
  ...row,
  firstSeenAt: iso(row.firstSeenAt),
  lastSeenAt: iso(row.lastSeenAt),
  lostAt: iso(row.lostAt),
  doubledAt: iso(row.doubledAt),
});
