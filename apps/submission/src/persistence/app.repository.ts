import { Injectable } from '@nestjs/common';
import { App } from './entities.js';
import type { RosterApp } from '../domain/roster.js';
import type { Tx } from '#libs/platform/src/transaction.js';

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

  /** In the order of joining. */
  listActive(tx: Tx): Promise<App[]> {
    return tx.em.find(App, { withdrawnAt: null }, { orderBy: { joinedAt: 'asc', appId: 'asc' }, limit: 2_000 });
  }

  listAll(tx: Tx): Promise<App[]> {
    return tx.em.find(App, {}, { orderBy: { joinedAt: 'desc', appId: 'desc' }, limit: 2_000 });
  }

  async save(tx: Tx, app: RosterApp): Promise<void> {
    const known = await this.find(tx, app.appId);
    if (known) tx.em.assign(known, app);
    else tx.em.persist(tx.em.create(App, app));
  }
}
