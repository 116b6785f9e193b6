import { Controller, Inject } from '@nestjs/common';
import { chooseDrivers } from '../domain/driver-choice.js';
import { writesOf } from '../domain/fill-script.js';
import { FILLER_CONFIG, type FillerConfig } from '../filler.config.js';
import { partSubject } from '../part-log.js';
import { FillRepository } from '../persistence/fill.repository.js';
import { FILL_BROWSER, FILL_DEADLINE, FILL_HTTP } from '../work-kinds.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { FillRequested } from '#libs/contracts/src/submission.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import { WorkQueue } from '#libs/messaging/src/work-queue.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** A whole fill, with everything that has not begun by then given up. */
const fillMsMax = 600_000;

/** Plans the fill to its last write: the same for every target; then the parts are due. */
@Controller()
export class FillRequestedHandler {
  constructor(
    @Inject(FILLER_CONFIG) private readonly config: FillerConfig,
    private readonly fills: FillRepository,
    private readonly queue: WorkQueue,
  ) {}

  @Handles(FillRequested)
  async handle({ data }: MessageOf<typeof FillRequested>, tx: Tx): Promise<void> {
    const drivers = chooseDrivers(this.config.fillDriver, data.targets, data.number);
    const targets = data.targets.map((target) => ({ ...target, driver: drivers.get(target.targetId)! }));
    await this.fills.plan(tx, data, targets, writesOf(data));
    const due = (driver: 'browser' | 'http') =>
      targets.filter((target) => target.driver === driver).map((target) => partSubject(data.fillId, target.targetId));
    await this.queue.scheduleAll(tx, FILL_BROWSER, due('browser'));
    await this.queue.scheduleAll(tx, FILL_HTTP, due('http'));
    await this.queue.schedule(tx, FILL_DEADLINE, data.fillId, fillMsMax);
  }
}
