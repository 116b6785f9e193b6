import type { Runs } from '#libs/replication/src/numbered-log.js';

/**
 * The two halves of the proof that nothing is lost or doubled: what this service's log committed, and what it applied of
 * another's. Digests of ranges of numbers are compared first; only where they differ are single events looked at.
 */
export interface Range {
  readonly from: number;
  readonly count: number;
  readonly hash: string;
}

/** Of the rows with one of the `wanted` names: count and an order-free hash of their ids, per `size` numbers. */
export const committedRanges = (connection: Runs, wanted: readonly string[], size: number): Promise<Range[]> =>
  connection.query<Range>(
    `select ((n - 1) / $2 * $2 + 1)::float8 as "from", count(*)::float8 as count, sum(hashtextextended(id::text, 0)::numeric)::text as hash
     from outbox where n is not null and name = any($1) group by 1 order by 1`,
    [wanted, size],
  );

/** A row that was applied twice counts twice, so the digest differs. Events given up by a person count as dealt with. */
export const appliedRanges = (connection: Runs, log: string, size: number, after: number): Promise<Range[]> =>
  connection.query<Range>(
    `select ((n - 1) / $2 * $2 + 1)::float8 as "from", count(*)::float8 as count, sum(hashtextextended(event_id::text, 0)::numeric)::text as hash
     from (select n, event_id from applied where log = $1 and n > $3
           union all select n, event_id from held where log = $1 and n > $3) as dealt_with
     group by 1 order by 1`,
    [log, size, after],
  );

/** Events applied after a later one of their key. */
export async function outOfOrder(connection: Runs, log: string, after: number): Promise<number> {
  const [row] = await connection.query<{ count: number }>(
    `select count(*)::float8 as count
     from (select n, max(n) over (partition by key order by position rows between unbounded preceding and 1 preceding) as highest
           from applied where log = $1 and n > $2) as history
     where n < highest`,
    [log, after],
  );
  return row?.count ?? 0;
}

export interface RangeOfEvents {
  readonly log: string;
  /** True: the rows this service committed; false: what it dealt with of another log. */
  readonly own: boolean;
  readonly from: number;
  readonly size: number;
  readonly wanted: readonly string[];
}

export const eventsOfRange = (connection: Runs, { log, own, from, size, wanted }: RangeOfEvents) =>
  own
    ? connection.query<{ n: number; eventId: string; times: number }>(
        `select n::float8 as n, id as "eventId", 1 as times from outbox where n >= $1 and n < $1 + $2 and name = any($3) order by n`,
        [from, size, wanted],
      )
    : connection.query<{ n: number; eventId: string; times: number }>(
        `select n::float8 as n, event_id as "eventId", count(*)::int as times
         from (select n, event_id from applied where log = $1 and n >= $2 and n < $2 + $3
               union all select n, event_id from held where log = $1 and n >= $2 and n < $2 + $3) as dealt_with
         group by n, event_id order by n`,
        [log, from, size],
      );
