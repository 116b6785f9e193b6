import { Injectable } from '@nestjs/common';
import { App } from './entities.js';
import { shownAs, type RosterApp } from '../domain/roster.js';
import { activeAppsMax } from '#libs/contracts/src/shapes.js';
import type { ListedApp } from '#libs/contracts/src/submission.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Rows of a page, one more than it may show; the bytes of an answer end a page sooner. */
const pageRowsMax = 501;
interface Page {
  readonly withdrawn: boolean;
  readonly forStaff: boolean;
  readonly after: string | undefined;
}
const inOrder = { joinedAt: 'asc', appId: 'asc' } as const;

@Injectable()
export class AppRepository {
  find(tx: Tx, appId: string): Promise<App | null> {
    return tx.em.findOne(App, appId);
  }

  findActiveByUrl(tx: Tx, url: string): Promise<App | null> {
    return tx.em.findOne(App, { url, withdrawnAt: null });
  }

  findByToken(tx: Tx, ownerTokenHash: string): Promise<App | null> {
    return tx.em.findOne(App, { ownerTokenHash });
  }

  /** All that take part, in the order of joining. */
  listActive(tx: Tx): Promise<App[]> {
    return tx.em.find(App, { withdrawnAt: null }, { orderBy: inOrder, limit: activeAppsMax });
  }

  countActive(tx: Tx): Promise<number> {
    return tx.em.count(App, { withdrawnAt: null });
  }

  /** Those that joined after another one, in the order of joining; from the first when there is no such app. */
  async page(tx: Tx, { withdrawn, forStaff, after }: Page): Promise<ListedApp[]> {
    const rows = await tx.query<Omit<ListedApp, 'real'> & { pseudonym: string | null }>(
      `select app_id as "appId", name, team, pseudonym, url, joined_at as "joinedAt", withdrawn_at as "withdrawnAt" from app
       where ($1 or withdrawn_at is null)
         and coalesce((joined_at, app_id) > (select joined_at, app_id from app where app_id = $2), true)
       order by joined_at, app_id limit $3`,
      [withdrawn, after ?? null, pageRowsMax],
    );
    return rows.map(({ pseudonym, name, team, ...row }) => ({
      ...{ ...row, joinedAt: iso(row.joinedAt)!, withdrawnAt: iso(row.withdrawnAt) },
      ...shownAs({ name, team, pseudonym }),
      real: forStaff && pseudonym !== null ? { name, team } : null,
    }));
  }

  /** Submissions follow one another until the transaction ends: two at once cannot take one address, or the last place. */
  async lockRoster(tx: Tx): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtext('roster'))`);
  }

  async save(tx: Tx, app: RosterApp): Promise<void> {
    const known = await this.find(tx, app.appId);
    if (known) tx.em.assign(known, app);
    else tx.em.persist(tx.em.create(App, app));
  }
}

const iso = (time: string | null): string | null => (time === null ? null : new Date(time).toISOString());
