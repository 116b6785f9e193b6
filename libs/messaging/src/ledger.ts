import { readCursor } from '#libs/replication/src/cursor.js';
import { head, type Runs } from '#libs/replication/src/numbered-log.js';

/**
 * The two halves of the proof that nothing is lost or doubled: what this service's log committed, and what it applied of
 * another's. Digests of ranges of numbers are compared first; only where they differ are single events looked at.
 */
export interface Range {
  readonly from: number;
  readonly count: number;
  readonly hash: string;
}

/** Numbers above `after` up to `upto`, in ranges of `size`. */
export interface Span {
  readonly after: number;
  readonly upto: number;
  readonly size: number;
}

const digest = (id: string) =>
  `count(*)::float8 as count, sum(hashtextextended(${id}::text, 0)::numeric)::text as hash`;

/** The committed half: the state of this service's log, and digests of it. */
export async function readCommitted(connection: Runs, wanted: readonly string[], span: Span) {
  const { n, pruned, unnumbered } = await head(connection);
  return { head: n, pruned, unnumbered, ranges: await committedRanges(connection, wanted, span) };
}

/** The applied half: how far this service has read `log`, and digests of what it dealt with. */
export const readApplied = async (connection: Runs, log: string, span: Span) => ({
  cursor: (await readCursor(connection, log)).n,
  swept: await sweptUpTo(connection, log),
  ranges: await appliedRanges(connection, log, span),
  outOfOrder: await outOfOrder(connection, log, span.after),
});

/** Of the rows with one of the `wanted` names: count and an order-free hash of their ids, per range. */
const committedRanges = (connection: Runs, wanted: readonly string[], span: Span): Promise<Range[]> =>
  connection.query<Range>(
    `select ((n - 1) / $2 * $2 + 1)::float8 as "from", ${digest('id')}
     from outbox where n > $3 and n <= $4 and name = any($1) group by 1 order by 1`,
    [wanted, span.size, span.after, span.upto],
  );

/** A row that was applied twice counts twice, so the digest differs. Events that are held back, or given up by a person, count as dealt with. */
const appliedRanges = (connection: Runs, log: string, span: Span): Promise<Range[]> =>
  connection.query<Range>(
    `select ((n - 1) / $2 * $2 + 1)::float8 as "from", ${digest('event_id')}
     from (select n, event_id from applied where log = $1 and n > $3 and n <= $4
           union all select n, event_id from held where log = $1 and n > $3 and n <= $4) as dealt_with
     group by 1 order by 1`,
    [log, span.size, span.after, span.upto],
  );

/** Up to here the record of what was applied is no longer kept. */
async function sweptUpTo(connection: Runs, log: string): Promise<number> {
  const [row] = await connection.query<{ n: number }>('select n::float8 as n from applied_swept where log = $1', [log]);
  return row?.n ?? 0;
}

/** Rows that are looked at for their order, the newest. */
const orderedMax = 500_000;

/** Events applied after a later one of their key. */
async function outOfOrder(connection: Runs, log: string, after: number): Promise<number> {
  const [row] = await connection.query<{ count: number }>(
    `select count(*)::float8 as count
     from (select n, max(n) over (partition by key order by position rows between unbounded preceding and 1 preceding) as highest
           from (select n, key, position from applied where log = $1 and n > $2 order by position desc limit ${orderedMax}) as newest
          ) as history
     where n < highest`,
    [log, after],
  );
  return row?.count ?? 0;
}

export interface RangeOfEvents {
  readonly log: string;
  /** True: the rows this service committed; false: what it dealt with of another log. */
  readonly own: boolean;
  readonly wanted: readonly string[];
  readonly span: Span;
}

export const eventsOfRange = (connection: Runs, { log, own, span: { after, upto }, wanted }: RangeOfEvents) =>
  own
    ? connection.query<{ n: number; eventId: string; times: number }>(
        `select n::float8 as n, id as "eventId", 1 as times from outbox where n > $1 and n <= $2 and name = any($3) order by n`,
        [after, upto, wanted],
      )
    : connection.query<{ n: number; eventId: string; times: number }>(
        `select n::float8 as n, event_id as "eventId", count(*)::int as times
         from (select n, event_id from applied where log = $1 and n > $2 and n <= $3
               union all select n, event_id from held where log = $1 and n > $2 and n <= $3) as dealt_with
         group by n, event_id order by n`,
        [log, after, upto],
      );
