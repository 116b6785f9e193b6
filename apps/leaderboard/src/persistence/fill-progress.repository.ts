import { Injectable } from '@nestjs/common';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { FillClosed, TargetFilled } from '#libs/contracts/src/filler.js';
import type { BoardFill } from '#libs/contracts/src/leaderboard.js';
import type { FillRequested } from '#libs/contracts/src/submission.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** How far the open fill is. Its facts come over two logs, so any of them may be the first; the end is the same in every order. */
@Injectable()
export class FillProgressRepository {
  async started(tx: Tx, { fillId, number, requestedAt, targets }: DataOf<typeof FillRequested>): Promise<void> {
    this.remember(tx);
    await tx.query(
      `insert into fill_progress (fill_id, number, started_at, total) values ($1, $2, $3, $4)
       on conflict (fill_id) do update set started_at = excluded.started_at, total = excluded.total`,
      [fillId, number, requestedAt, targets.length],
    );
    await tx.query('delete from fill_progress where number < $1 - 100', [number]);
  }

  /** Until its request is heard, a fill began when its first part ended. */
  async targetDone(tx: Tx, { fillId, number, endedAt }: DataOf<typeof TargetFilled>): Promise<void> {
    this.remember(tx);
    await tx.query(
      `insert into fill_progress (fill_id, number, started_at, total, done) values ($1, $2, $3, 1, 1)
       on conflict (fill_id) do update set done = fill_progress.done + 1`,
      [fillId, number, endedAt],
    );
  }

  async closed(
    tx: Tx,
    { fillId, number, closedAt, filled, partly, givenUp }: DataOf<typeof FillClosed>,
  ): Promise<void> {
    this.remember(tx);
    await tx.query(
      `insert into fill_progress (fill_id, number, started_at, total, closed_at, filled, partly, given_up)
       values ($1, $2, $3, $4::int + $5::int + $6::int, $3, $4, $5, $6)
       on conflict (fill_id) do update set closed_at = excluded.closed_at, filled = excluded.filled, partly = excluded.partly,
         given_up = excluded.given_up`,
      [fillId, number, closedAt, filled, partly, givenUp],
    );
  }

  async view(tx: Tx): Promise<BoardFill> {
    const [now] = await tx.query<FillColumns>(`select ${openAndLast}`);
    return toFill(now!);
  }

  /** As it was known at a time. */
  async viewAt(tx: Tx, at: Date): Promise<BoardFill> {
    const [then] = await tx.query<FillColumns>(
      'select open, last from fill_version where known_at <= $1 order by known_at desc limit 1',
      [at],
    );
    return toFill(then ?? { open: null, last: null });
  }

  /** How it is at the end of this transaction is kept, once. */
  private remember(tx: Tx): void {
    tx.beforeCommit('fill-version', async () => {
      await tx.query(`insert into fill_version (known_at, open, last) select known_at, ${openAndLast} from board_head`);
    });
  }
}

/** The fill that is open, unless a later one has closed, and the one that closed last; each as JSON of its columns, or null. */
const openAndLast = `
  (select to_jsonb(one) from (
     select fill_id, number, started_at, done, total from fill_progress
     where closed_at is null and number > (select coalesce(max(number), 0) from fill_progress where closed_at is not null)
     order by number desc limit 1) as one) as open,
  (select to_jsonb(one) from (
     select number, closed_at, filled, partly, given_up from fill_progress
     where closed_at is not null order by number desc limit 1) as one) as last`;

interface FillColumns {
  open: { fill_id: string; number: number; started_at: string; done: number; total: number } | null;
  last: { number: number; closed_at: string; filled: number; partly: number; given_up: number } | null;
}

const toFill = ({ open, last }: FillColumns): BoardFill => ({
  open: open && {
    ...{ fillId: open.fill_id, number: open.number, startedAt: iso(open.started_at), done: open.done },
    total: open.total,
  },
  last: last && {
    ...{ number: last.number, closedAt: iso(last.closed_at), filled: last.filled, partly: last.partly },
    givenUp: last.given_up,
  },
});

const iso = (time: string): string => new Date(time).toISOString();
