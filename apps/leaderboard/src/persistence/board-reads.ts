import type { DataOf } from '#libs/contracts/src/contract.js';
import type { BoardRow, Freeze, GetLog, LogLine } from '#libs/contracts/src/leaderboard.js';
import type { Override } from '#libs/contracts/src/overrides.js';
import { pageOf } from '#libs/contracts/src/shapes.js';
import type { Tx } from '#libs/platform/src/transaction.js';

interface Change extends Omit<BoardRow, 'joinedAt' | 'comparedAt' | 'inSyncSince' | 'override'> {
  joinedAt: string;
  comparedAt: string | null;
  inSyncSince: string | null;
  override: Override | null;
  left: boolean;
  revision: number;
}

/**
 * What changed after a revision, oldest first: as many rows as were asked for and fit into one answer. Each has a revision of its
 * own, so the page may end after any.
 */
export async function readChanges(tx: Tx, after: number, limit: number) {
  const head = await readHead(tx);
  const changes = await tx.query<Change>(
    `select app_id as "appId", name, team, url, rank, verdict, sentence, endpoints, rows_different as "rowsDifferent", acknowledged,
            lost_after_ack as "lostAfterAck", refused, downtime, recent, compared_at as "comparedAt", comparison_id as "comparisonId",
            in_sync_since as "inSyncSince", joined_at as "joinedAt", trace_id as "traceId",
            overridden -> 'shown' as override, left_at is not null as left,
            revision::float8 as revision
     from standing where known and revision > $1 and revision <= $3 order by revision limit $2`,
    [after, limit + 1, head.revision],
  );
  const page = pageOf(changes.slice(0, limit));
  const more = changes.length > page.length;
  return {
    revision: more ? page.at(-1)!.revision : head.revision,
    since: iso(head.since)!,
    frozen: freezeOf(head),
    rows: page.filter((row) => !row.left).map(toRow),
    left: page.filter((row) => row.left).map((row) => row.appId),
    more,
  };
}

/** While it is frozen visitors see the board of that time. */
export const readFreeze = async (tx: Tx): Promise<Freeze | null> => freezeOf(await readHead(tx));

const freezeOf = ({ frozenAt }: Head): Freeze | null => (frozenAt === null ? null : { at: iso(frozenAt)! });

interface Head {
  readonly revision: number;
  readonly knownAt: string;
  readonly since: string;
  readonly frozenAt: string | null;
}

export async function readHead(tx: Tx): Promise<Head> {
  const [head] = await tx.query<Head>(
    `select revision::float8 as revision, known_at as "knownAt", since, frozen_at as "frozenAt" from board_head`,
  );
  return head!;
}

const toRow = ({ left: _left, revision: _revision, override, ...row }: Change): BoardRow => ({
  ...row,
  joinedAt: iso(row.joinedAt)!,
  comparedAt: iso(row.comparedAt),
  inSyncSince: iso(row.inSyncSince),
  ...(override && { override }),
});

/** The newest lines, oldest first; of more than fit into one answer the newest. */
export async function readLog(tx: Tx, { after, limit, search, until }: DataOf<typeof GetLog>): Promise<LogLine[]> {
  const lines = await tx.query<LogLine & { at: string }>(
    `select line::float8 as line, at, level, app_id as "appId", text, trace_id as "traceId" from log_line
     where line > $1 and ($3::text is null or strpos(lower(text), lower($3)) > 0) and ($4::timestamptz is null or known_at <= $4)
     order by line desc limit $2`,
    [after, limit, search ?? null, until ?? null],
  );
  return pageOf(lines.map((line) => ({ ...line, at: iso(line.at)! }))).toReversed();
}

const iso = (time: string | null): string | null => (time === null ? null : new Date(time).toISOString());
