import { readHead } from './board-reads.js';
import { boardAt, type KnownVersion, type Version } from '../domain/version.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { KnownVerdict, ListVerdicts } from '#libs/contracts/src/leaderboard.js';
import type { Override } from '#libs/contracts/src/overrides.js';
import { pageOf } from '#libs/contracts/src/shapes.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/**
 * The time that is really shown for one that was asked for: not before what is kept, and not after what is known now. Whatever is still
 * being written becomes known later than that, so the board of this time changes no more.
 */
export async function settledTime(tx: Tx, asked: string) {
  const { since, knownAt } = await readHead(tx);
  const [first, last] = [new Date(since), new Date(knownAt)];
  const at = new Date(Math.min(Math.max(Date.parse(asked), first.getTime()), last.getTime()));
  return { at, since: first };
}

/**
 * One page of the board as it was known at a settled time: as many rows as were asked for and fit into one answer. Versions that were
 * kept before downtime was measured say nothing of it.
 */
export async function readBoardAt(tx: Tx, at: Date, skip: number, limit: number) {
  const versions = await tx.query<KnownVersion & { knownAt: string; version: Version }>(
    `select app_id as "appId", newest.known_at as "knownAt", '{"downtime": null}'::jsonb || newest.version as version
     from standing cross join lateral (
       select known_at, version from standing_version
       where standing_version.app_id = standing.app_id and known_at <= $1 order by known_at desc limit 1) as newest
     where newest.version is not null`,
    [at],
  );
  const rows = boardAt(
    versions.map((one) => ({ ...one, knownAt: new Date(one.knownAt) })),
    at,
  );
  const page = pageOf(rows.slice(skip, skip + limit));
  const next = skip + page.length < rows.length ? skip + page.length : null;
  return { rows: page, next };
}

type KnownRow = Omit<KnownVerdict, 'override'> & { readonly override: Override | null };

/**
 * The last word on each comparison that was known at a time: that of staff where they had overruled it. One that was being looked at
 * again then, or had nothing to compare, has none: more may have been said of it since. The comparator's clock may go before ours, by
 * minutes at most.
 */
export async function readVerdicts(
  tx: Tx,
  { until, appId, comparisonId, limit }: DataOf<typeof ListVerdicts>,
): Promise<KnownVerdict[]> {
  const rows = await tx.query<KnownRow>(
    `select comparison_id as "comparisonId", batch_id as "batchId", app_id as "appId", coalesce(name, '') as "appName", trigger,
            coalesce(override ->> 'verdict', verdict) as verdict, coalesce(said.sentence, last.sentence) as sentence,
            computed_at as "computedAt", trace_id as "traceId", override
     from verdict_history as last
     left join lateral (
       select sentence, override from verdict_override
       where verdict_override.comparison_id = last.comparison_id and known_at <= $1 order by entry desc limit 1) as said on true
     left join lateral (
       select version ->> 'name' as name from standing_version
       where standing_version.app_id = last.app_id and known_at <= $1 and version is not null order by known_at desc limit 1) as named on true
     where known_at <= $1 and computed_at <= $1::timestamptz + interval '5 minutes' and batch_id is not null and verdict <> 'pending'
       and ($2::uuid is null or app_id = $2) and ($3::uuid is null or comparison_id = $3)
       and not exists (select from verdict_history as newer
                       where newer.comparison_id = last.comparison_id and newer.known_at <= $1 and newer.computed_at > last.computed_at)
     order by computed_at desc, comparison_id limit $4`,
    [until, appId ?? null, comparisonId ?? null, limit],
  );
  return pageOf(rows.map(toKnownVerdict));
}

const toKnownVerdict = ({ override, ...row }: KnownRow): KnownVerdict => ({
  ...row,
  computedAt: new Date(row.computedAt).toISOString(),
  ...(override && { override }),
});
