import type { OnBoard } from '../domain/rank-preview.js';
import type { Tx } from '#libs/platform/src/transaction.js';

type Row = Omit<OnBoard, 'joinedAt' | 'comparedAt' | 'inSyncSince'> & {
  readonly joinedAt: string;
  readonly comparedAt: string | null;
  readonly inSyncSince: string | null;
};

/** Everybody on the live board, with what decides the ranks. */
export async function readOnBoard(tx: Tx): Promise<OnBoard[]> {
  const rows = await tx.query<Row>(
    `select app_id as "appId", known, name, verdict, judged, refused, downtime, joined_at as "joinedAt", compared_at as "comparedAt",
            in_sync_since as "inSyncSince"
     from standing where known and left_at is null`,
  );
  return rows.map((row) => ({
    ...row,
    joinedAt: new Date(row.joinedAt),
    comparedAt: dateOf(row.comparedAt),
    inSyncSince: dateOf(row.inSyncSince),
  }));
}

const dateOf = (time: string | null): Date | null => (time === null ? null : new Date(time));
