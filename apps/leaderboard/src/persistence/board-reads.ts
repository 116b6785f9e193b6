import type { BoardRow, LogLine } from '#libs/contracts/src/leaderboard.js';
import type { Tx } from '#libs/platform/src/transaction.js';

interface Change extends Omit<BoardRow, 'joinedAt' | 'comparedAt' | 'inSyncSince'> {
  joinedAt: string;
  comparedAt: string | null;
  inSyncSince: string | null;
  left: boolean;
  revision: number;
}

/** One row more than asked for tells whether there is more. A revision is never split over two pages. */
export async function readChanges(tx: Tx, after: number, limit: number) {
  const [head] = await tx.query<{ revision: number }>('select revision::float8 as revision from board_head');
  const changes = await tx.query<Change>(
    `select app_id as "appId", name, team, url, rank, verdict, sentence, endpoints, rows_different as "rowsDifferent", acknowledged,
            lost_after_ack as "lostAfterAck", refused, recent, compared_at as "comparedAt", comparison_id as "comparisonId",
            in_sync_since as "inSyncSince", joined_at as "joinedAt", trace_id as "traceId", left_at is not null as left,
            revision::float8 as revision
     from standing
     where known and revision > $1
       and revision <= coalesce((select revision from standing where known and revision > $1 order by revision offset $2 limit 1), $3)
     order by revision`,
    [after, limit - 1, head!.revision],
  );
  const last = changes.at(-1)?.revision ?? head!.revision;
  const [further] = await tx.query<{ more: boolean }>(
    'select exists (select from standing where known and revision > $1) as more',
    [last],
  );
  return {
    revision: further!.more ? last : head!.revision,
    rows: changes.filter((row) => !row.left).map(toRow),
    left: changes.filter((row) => row.left).map((row) => row.appId),
    more: further!.more,
  };
}

const toRow = ({ left: _left, revision: _revision, ...row }: Change): BoardRow => ({
  ...row,
  joinedAt: iso(row.joinedAt)!,
  comparedAt: iso(row.comparedAt),
  inSyncSince: iso(row.inSyncSince),
});

export async function readLog(
  tx: Tx,
  { after, limit, search }: { after: number; limit: number; search?: string | undefined },
): Promise<LogLine[]> {
  const lines = await tx.query<LogLine & { at: string }>(
    `select line::float8 as line, at, level, app_id as "appId", text, trace_id as "traceId" from log_line
     where line > $1 and ($3::text is null or strpos(lower(text), lower($3)) > 0) order by line desc limit $2`,
    [after, limit, search ?? null],
  );
  return lines.map((line) => ({ ...line, at: iso(line.at)! })).toReversed();
}

const iso = (time: string | null): string | null => (time === null ? null : new Date(time).toISOString());
