import { Injectable } from '@nestjs/common';
import type { BoardView } from '#libs/contracts/src/gateway.js';
import { GetBoardAt, type BoardRow } from '#libs/contracts/src/leaderboard.js';
import { Requests } from '#libs/messaging/src/requests.js';

/** Boards of the past, whole: asked of the leaderboard page by page. They have no revision and no timers. */
@Injectable()
export class PastBoard {
  constructor(private readonly requests: Requests) {}

  /** `asOf` of the answer is the time that was asked for, or the nearest one that is kept. */
  async read(at: string): Promise<BoardView> {
    const first = await this.requests.ask(GetBoardAt, { at }, { deadlineMs: 5_000 });
    const rows: BoardRow[] = [...first.rows];
    for (let { next } = first; next !== null;) {
      const page = await this.requests.ask(GetBoardAt, { at: first.at, skip: next }, { deadlineMs: 5_000 });
      rows.push(...page.rows);
      next = page.next;
    }
    return {
      ...{ revision: 0, asOf: first.at, since: first.since, frozen: null, rows, fill: first.fill },
      ...{ timers: { fill: null, compare: null }, missing: [] },
    };
  }
}
