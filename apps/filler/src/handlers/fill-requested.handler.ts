import { Controller, Inject } from '@nestjs/common';
import { canariesOf } from '../domain/canaries.js';
import { chooseDrivers } from '../domain/driver-choice.js';
import { writesOf } from '../domain/fill-script.js';
import { FILLER_CONFIG, type FillerConfig } from '../filler.config.js';
import { FillRepository } from '../persistence/fill.repository.js';
import { FILL_DEADLINE, FILL_PLACES } from '../work-kinds.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { FillRequested } from '#libs/contracts/src/submission.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import { WorkQueue } from '#libs/messaging/src/work-queue.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** A whole fill, with everything that has not begun by then given up. */
const fillMsMax = 600_000;

/** Plans the fill to its last write: the same for every target. Its parts are due as soon as it is known where their names lead. */
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
    // The baseline's id is drawn at random by each installation.
    const installation = data.targets.find(({ role }) => role === 'baseline')?.targetId ?? data.seed;
    const endsAt = new Date(tx.now.getTime() + fillMsMax);
    const writes = writesOf({ ...data, installation });
    const planned = [...writes, ...canariesOf(data, writes.length)];
    await this.fills.plan(tx, { ...data, endsAt }, targets, planned);
    await this.queue.schedule(tx, FILL_PLACES, data.fillId);
    await this.queue.schedule(tx, FILL_DEADLINE, data.fillId, fillMsMax);
  }
}
