import type { BoardRow, LogLine } from '#libs/contracts/src/leaderboard.js';
import { pageOf } from '#libs/contracts/src/shapes.js';
import type { Tx } from '#libs/platform/src/transaction.js';

interface Change extends Omit<BoardRow, 'joinedAt' | 'comparedAt' | 'inSyncSince'> {
  joinedAt: string;
  comparedAt: string | null;
  inSyncSince: string | null;
  left: boolean;
  revision: number;
}

/**
 * What changed after a revision, oldest first: as many rows as were asked for and fit into one answer. Each has a revision of its
 * own, so the page may end after any.
 */
export async function readChanges(tx: Tx, after: number, limit: number) {
  const [head] = await tx.query<{ revision: number }>('select revision::float8 as revision from board_head');
  const changes = await tx.query<Change>(
    `select app_id as "appId", name, team, url, rank, verdict, sentence, endpoints, rows_different as "rowsDifferent", acknowledged,
            lost_after_ack as "lostAfterAck", refused, recent, compared_at as "comparedAt", comparison_id as "comparisonId",
            in_sync_since as "inSyncSince", joined_at as "joinedAt", trace_id as "traceId", left_at is not null as left,
            revision::float8 as revision
     from standing where known and revision > $1 and revision <= $3 order by revision limit $2`,
    [after, limit + 1, head!.revision],
  );
  const page = pageOf(changes.slice(0, limit));
  const more = changes.length > page.length;
  return {
    revision: more ? page.at(-1)!.revision : head!.revision,
    rows: page.filter((row) => !row.left).map(toRow),
    left: page.filter((row) => row.left).map((row) => row.appId),
    more,
  };
}

const toRow = ({ left: _left, revision: _revision, ...row }: Change): BoardRow => ({
  ...row,
  joinedAt: iso(row.joinedAt)!,
  comparedAt: iso(row.comparedAt),
  inSyncSince: iso(row.inSyncSince),
});

/** The newest lines, oldest first; of more than fit into one answer the newest. */
export async function readLog(
  tx: Tx,
  { after, limit, search }: { after: number; limit: number; search?: string | undefined },
): Promise<LogLine[]> {
  const lines = await tx.query<LogLine & { at: string }>(
    `select line::float8 as line, at, level, app_id as "appId", text, trace_id as "traceId" from log_line
     where line > $1 and ($3::text is null or strpos(lower(text), lower($3)) > 0) order by line desc limit $2`,
    [after, limit, search ?? null],
  );
  return pageOf(lines.map((line) => ({ ...line, at: iso(line.at)! }))).toReversed();
}

const iso = (time: string | null): string | null => (time === null ? null : new Date(time).toISOString());
