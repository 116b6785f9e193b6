import { Injectable } from '@nestjs/common';
import { FrozenBoard } from './board/frozen-board.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';
import { ListApps, type ListedApp } from '#libs/contracts/src/submission.js';
import { Requests } from '#libs/messaging/src/requests.js';

/** Who takes part, in the order of joining; for visitors of a frozen scoreboard who took part then, as they were called then. */
@Injectable()
export class ListedApps {
  constructor(
    private readonly requests: Requests,
    private readonly frozen: FrozenBoard,
  ) {}

  async read(isStaff: boolean): Promise<ListedApp[]> {
    const hidden = this.frozen.for(isStaff);
    if (hidden) return hidden.view.rows.map(toListed).toSorted((a, b) => a.joinedAt.localeCompare(b.joinedAt));
    return this.everyApp(isStaff);
  }

  /** Page by page: their number is limited by the owner (activeAppsMax). `forStaff`: with the names behind pseudonyms. */
  private async everyApp(forStaff: boolean): Promise<ListedApp[]> {
    const apps: ListedApp[] = [];
    for (let after: string | null | undefined; after !== null;) {
      const page = await this.requests.ask(ListApps, { forStaff, ...(after ? { after } : {}) });
      apps.push(...page.apps);
      after = page.next ?? null;
    }
    return apps;
  }
}

const toListed = ({ appId, name, team, url, joinedAt }: BoardRow): ListedApp => ({
  ...{ appId, name, team, url, joinedAt, withdrawnAt: null, real: null },
});
