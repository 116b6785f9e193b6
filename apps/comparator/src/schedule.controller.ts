import { Controller, Inject, type OnApplicationBootstrap } from '@nestjs/common';
import { COMPARATOR_CONFIG, type ComparatorConfig } from './comparator.config.js';
import { ScheduleRepository, type Schedule } from './persistence/schedule.repository.js';
import { COMPARE_SCHEDULE, EVIDENCE_RETENTION, RETENTION } from './work-kinds.js';
import { GetCompareSchedule, SetCompareSchedule, type CompareSchedule } from '#libs/contracts/src/comparator.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import { WorkQueue } from '#libs/messaging/src/work-queue.js';
import { Database } from '#libs/platform/src/database.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** When all apps are compared, as staff see and set it. The environment sets it until staff do. */
@Controller()
export class ScheduleController implements OnApplicationBootstrap {
  constructor(
    @Inject(COMPARATOR_CONFIG) private readonly config: ComparatorConfig,
    private readonly schedules: ScheduleRepository,
    private readonly queue: WorkQueue,
    private readonly database: Database,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    return this.database.transaction(async (tx) => {
      await this.schedules.ensure(tx, this.config.compareIntervalSeconds);
      await this.queue.schedule(tx, COMPARE_SCHEDULE, 'lab');
      await this.queue.schedule(tx, RETENTION, 'lab');
      await this.queue.schedule(tx, EVIDENCE_RETENTION, 'lab');
    });
  }

  @Answers(SetCompareSchedule)
  async set({ on, intervalSeconds }: DataOf<typeof SetCompareSchedule>, tx: Tx) {
    const schedule = await this.schedules.lock(tx);
    const changed: Schedule = {
      isOn: on ?? schedule.isOn,
      intervalSeconds: intervalSeconds ?? schedule.intervalSeconds,
      setBy: intervalSeconds === undefined ? schedule.setBy : 'staff',
      nextAt: null,
    };
    await this.schedules.save(tx, changed);
    await this.queue.schedule(tx, COMPARE_SCHEDULE, 'lab');
    return toView({
      ...changed,
      nextAt: changed.isOn ? new Date(tx.now.getTime() + changed.intervalSeconds * 1_000) : null,
    });
  }

  @Answers(GetCompareSchedule)
  async get(_data: DataOf<typeof GetCompareSchedule>, tx: Tx) {
    const schedule = await this.schedules.read(tx);
    if (!schedule) throw new Problem('service-down', 'The comparator is still starting.', 'Try again in a moment.');
    return toView(schedule);
  }
}

const toView = ({ isOn, intervalSeconds, nextAt }: Schedule): CompareSchedule => ({
  on: isOn,
  intervalSeconds,
  nextCompareAt: nextAt?.toISOString() ?? null,
});
