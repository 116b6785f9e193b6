import { Injectable } from '@nestjs/common';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { FillClosed } from '#libs/contracts/src/filler.js';
import type { BoardFill } from '#libs/contracts/src/leaderboard.js';
import type { FillRequested } from '#libs/contracts/src/submission.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** How far the open fill is. Its facts come over two logs, so any of them may be the first. */
@Injectable()
export class FillProgressRepository {
  async started(
    tx: Tx,
    { fillId, number, requestedAt, targets }: DataOf<typeof FillRequested>,
    revision: number,
  ): Promise<void> {
    await tx.query(
      `insert into fill_progress (fill_id, number, started_at, total, revision) values ($1, $2, $3, $4, $5)
       on conflict (fill_id) do update set started_at = excluded.started_at, total = excluded.total, revision = excluded.revision`,
      [fillId, number, requestedAt, targets.length, revision],
    );
    await tx.query('delete from fill_progress where number < $1 - 100', [number]);
  }

  async targetDone(tx: Tx, fillId: string, number: number, revision: number): Promise<void> {
    await tx.query(
      `insert into fill_progress (fill_id, number, started_at, total, done, revision) values ($1, $2, clock_timestamp(), 1, 1, $3)
       on conflict (fill_id) do update set done = fill_progress.done + 1, revision = excluded.revision`,
      [fillId, number, revision],
    );
  }

  async closed(
    tx: Tx,
    { fillId, number, closedAt, filled, partly, givenUp }: DataOf<typeof FillClosed>,
    revision: number,
  ): Promise<void> {
    await tx.query(
      `insert into fill_progress (fill_id, number, started_at, total, closed_at, filled, partly, given_up, revision)
       values ($1, $2, $3, $4::int + $5::int + $6::int, $3, $4, $5, $6, $7)
       on conflict (fill_id) do update set closed_at = excluded.closed_at, filled = excluded.filled, partly = excluded.partly,
         given_up = excluded.given_up, revision = excluded.revision`,
      [fillId, number, closedAt, filled, partly, givenUp, revision],
    );
  }

  async view(tx: Tx): Promise<BoardFill> {
    const columns = `fill_id as "fillId", number, started_at as "startedAt", done, total, closed_at as "closedAt", filled, partly, given_up as "givenUp"`;
    const [open] = await tx.query<FillRow>(
      `select ${columns} from fill_progress where closed_at is null order by number desc limit 1`,
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
