import { Injectable } from '@nestjs/common';
import { Automation, Fill } from './entities.js';
import type { Tx } from '#libs/platform/src/transaction.js';

@Injectable()
export class FillRepository {
  /** The one row of settings, locked: schedule decisions follow one another. */
  async automation(tx: Tx): Promise<Automation> {
    await tx.query('select 1 from automation for update');
    return tx.em.findOneOrFail(Automation, { onlyRow: true });
  }

  findAutomation(tx: Tx): Promise<Automation | null> {
    return tx.em.findOne(Automation, { onlyRow: true });
  }

  createAutomation(tx: Tx, automation: Omit<Automation, 'onlyRow'>): void {
    tx.em.persist(tx.em.create(Automation, { onlyRow: true, ...automation }));
  }

  last(tx: Tx): Promise<Fill | null> {
    return tx.em.findOne(Fill, { number: { $gt: 0 } }, { orderBy: { number: 'desc' } });
  }

  find(tx: Tx, fillId: string): Promise<Fill | null> {
    return tx.em.findOne(Fill, fillId);
  }

  add(tx: Tx, fill: Fill): void {
    tx.em.persist(tx.em.create(Fill, fill));
  }
}
