import { FILL_SCHEDULE, FillScheduler } from '../fill-scheduler.js';
import { Works, type Claim, type Next, type Worker } from '#libs/messaging/src/worker.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** The timer: a row that is due when the next fill is due. Its lease makes it one timer, however many instances run. */
@Works({ kind: FILL_SCHEDULE, leaseMs: 6_000, concurrency: 1, attemptsMax: 10 })
export class FillScheduleWorker implements Worker<null> {
  constructor(private readonly scheduler: FillScheduler) {}

  async act(): Promise<null> {
    return null;
  }

  async record(_claim: Claim, _seen: null, tx: Tx): Promise<Next> {
    const ms = await this.scheduler.look(tx);
    return ms === null ? 'done' : { againInMs: ms, note: 'until the next fill', newTrace: true };
  }

  async giveUp(): Promise<Next> {
    return { againInMs: 60_000, note: 'the schedule could not be read' };
  }
}
