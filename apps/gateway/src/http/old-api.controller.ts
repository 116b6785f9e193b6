import { Controller, Get } from '@nestjs/common';
import { Public } from '../accounts/staff.guard.js';
import { BoardFeed } from '../board/board-feed.js';
import { everyApp } from '../every-app.js';
import { Requests } from '#libs/messaging/src/requests.js';

/** The read API of the older lab: its shapes, for scripts that know them. Times are whole seconds since 1970. */
@Public()
@Controller('api')
export class OldApiController {
  constructor(
    private readonly feed: BoardFeed,
    private readonly requests: Requests,
  ) {}

  /** Newest check first; `sync` is null while nothing has been judged. */
  @Get('leaderboard')
  async leaderboard() {
    const { rows } = await this.feed.view();
    const judged = { 'in-sync': true, 'out-of-sync': false, unreachable: false, pending: null, unknown: null } as const;
    return {
      leaderboard: rows
        .toSorted((a, b) => (b.comparedAt ?? '').localeCompare(a.comparedAt ?? ''))
        .map((row) => ({
          name: row.name,
          url: row.url,
          last_checked: seconds(row.comparedAt),
          sync: judged[row.verdict],
        })),
    };
  }

  @Get('students')
  async students() {
    const apps = await everyApp(this.requests);
    return {
      students: apps.toReversed().map((app) => ({ name: app.name, url: app.url, added_at: seconds(app.joinedAt) })),
    };
  }
}

const seconds = (time: string | null): number | null => (time === null ? null : Math.floor(Date.parse(time) / 1_000));
