import { Injectable } from '@nestjs/common';
import { Batches } from './batches.js';
import { AppRepository } from './persistence/app.repository.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Apps that have not been judged since they joined are compared as soon as a fill of theirs has closed: they need not wait. */
@Injectable()
export class Newcomers {
  constructor(
    private readonly apps: AppRepository,
    private readonly batches: Batches,
  ) {}

  async compare(tx: Tx, fillNumber: number): Promise<void> {
    const newcomers = await this.apps.notJudgedYet(tx, fillNumber);
    if (newcomers.length === 0) return;
    const appIds = newcomers.map((app) => app.appId);
    await this.batches.open(tx, { by: 'lockstep', trigger: 'first-fill' }, appIds);
  }
}
