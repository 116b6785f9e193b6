import { Controller, Get } from '@nestjs/common';
import { KeepsFreeze } from '../accounts/freeze.guard.js';
import { Caller, Public } from '../accounts/staff.guard.js';
import { Boards } from '../board/boards.js';
import { ListedApps } from '../listed-apps.js';
import type { Account } from '../persistence/account.repository.js';

/** The read API of the older lab: its shapes, for scripts that know them. Times are whole seconds since 1970. */
@Public()
@KeepsFreeze()
@Controller('api')
export class OldApiController {
  constructor(
    private readonly boards: Boards,
    private readonly listed: ListedApps,
  ) {}

  /** Newest check first; `sync` is null while nothing has been judged. */
  @Get('leaderboard')
  async leaderboard(@Caller() caller: Account | undefined) {
    const { rows } = await this.boards.read(caller !== undefined);
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
  async students(@Caller() caller: Account | undefined) {
    const apps = await this.listed.read(caller !== undefined);
    return {
      students: apps.toReversed().map((app) => ({ name: app.name, url: app.url, added_at: seconds(app.joinedAt) })),
    };
  }
}

const seconds = (time: string | null): number | null => (time === null ? null : Math.floor(Date.parse(time) / 1_000));
