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
    await tx.query(
      `insert into fill_progress (fill_id, number, started_at, total) values ($1, $2, $3, $4)
       on conflict (fill_id) do update set started_at = excluded.started_at, total = excluded.total`,
      [fillId, number, requestedAt, targets.length],
    );
    await tx.query('delete from fill_progress where number < $1 - 100', [number]);
  }

  /** Until its request is heard, a fill began when its first part ended. */
  async targetDone(tx: Tx, { fillId, number, endedAt }: DataOf<typeof TargetFilled>): Promise<void> {
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
    await tx.query(
      `insert into fill_progress (fill_id, number, started_at, total, closed_at, filled, partly, given_up)
       values ($1, $2, $3, $4::int + $5::int + $6::int, $3, $4, $5, $6)
       on conflict (fill_id) do update set closed_at = excluded.closed_at, filled = excluded.filled, partly = excluded.partly,
         given_up = excluded.given_up`,
      [fillId, number, closedAt, filled, partly, givenUp],
    );
  }

  async view(tx: Tx): Promise<BoardFill> {
    const columns = `fill_id as "fillId", number, started_at as "startedAt", done, total, closed_at as "closedAt", filled, partly, given_up as "givenUp"`;
    const [open] = await tx.query<FillRow>(
      `select ${columns} from fill_progress
       where closed_at is null and number > (select coalesce(max(number), 0) from fill_progress where closed_at is not null)
       order by number desc limit 1`,
    );
    const [last] = await tx.query<FillRow>(
      `select ${columns} from fill_progress where closed_at is not null order by number desc limit 1`,
    );
    return {
      open: open
        ? {
            fillId: open.fillId,
            number: open.number,
            startedAt: iso(open.startedAt),
            done: open.done,
            total: open.total,
          }
        : null,
      last: last
        ? {
            number: last.number,
            closedAt: iso(last.closedAt!),
            filled: last.filled,
            partly: last.partly,
            givenUp: last.givenUp,
          }
        : null,
    };
  }
}

interface FillRow {
  fillId: string;
  number: number;
  startedAt: string;
  done: number;
  total: number;
  closedAt: string | null;
  filled: number;
  partly: number;
  givenUp: number;
}
const iso = (time: string): string => new Date(time).toISOString();
