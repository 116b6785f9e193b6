import { Batches } from '../batches.js';
import { AppRepository } from '../persistence/app.repository.js';
import { ScheduleRepository } from '../persistence/schedule.repository.js';
import { COMPARE_SCHEDULE } from '../work-kinds.js';
import { Works, type Claim, type Next, type Worker } from '#libs/messaging/src/worker.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** The timer of comparisons: a row that is due when all apps are compared next. */
@Works({ kind: COMPARE_SCHEDULE, leaseMs: 5_000, concurrency: 1, attemptsMax: 10 })
export class CompareScheduleWorker implements Worker<null> {
  constructor(
    private readonly schedules: ScheduleRepository,
    private readonly apps: AppRepository,
    private readonly batches: Batches,
  ) {}

  async act(): Promise<null> {
    return null;
  }

  async record(_claim: Claim, _seen: null, tx: Tx): Promise<Next> {
    const schedule = await this.schedules.lock(tx);
    if (!schedule.isOn) {
      await this.schedules.save(tx, { ...schedule, nextAt: null });
      return 'done';
    }
    const due = schedule.nextAt !== null && schedule.nextAt <= tx.now;
    if (due) await this.compareAll(tx);
    const nextAt =
      due || schedule.nextAt === null ? new Date(tx.now.getTime() + schedule.intervalSeconds * 1_000) : schedule.nextAt;
    await this.schedules.save(tx, { ...schedule, nextAt });
    return {
      againInMs: nextAt.getTime() - tx.now.getTime(),
      note: 'until the next comparison of all apps',
      newTrace: true,
    };
  }

  async giveUp(): Promise<Next> {
    return { againInMs: 60_000, note: 'the schedule could not be read' };
  }

  private async compareAll(tx: Tx): Promise<void> {
    const apps = await this.apps.active(tx, 'all');
    if (apps.length > 0)
      await this.batches.open(
        tx,
        { by: 'lockstep', trigger: 'schedule' },
        apps.map((app) => app.appId),
      );
  }
}
