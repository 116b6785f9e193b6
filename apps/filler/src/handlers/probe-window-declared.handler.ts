import { Controller } from '@nestjs/common';
import { WindowRepository } from '../persistence/window.repository.js';
import { PROBE_WINDOW } from '../work-kinds.js';
import type { MessageOf } from '#libs/contracts/src/contract.js';
import { ProbeWindowDeclared } from '#libs/contracts/src/windows.js';
import { Handles } from '#libs/messaging/src/decorators.js';
import { WorkQueue } from '#libs/messaging/src/work-queue.js';
import type { Tx } from '#libs/platform/src/transaction.js';
import { planFor } from '#libs/proof/src/plan.js';

/** Probing is due at once; it begins when a worker has it. */
@Controller()
export class ProbeWindowDeclaredHandler {
  constructor(
    private readonly windows: WindowRepository,
    private readonly queue: WorkQueue,
  ) {}

  @Handles(ProbeWindowDeclared)
  async handle({ data }: MessageOf<typeof ProbeWindowDeclared>, tx: Tx): Promise<void> {
    await this.windows.declare(tx, data, planFor(data.seconds * 1_000));
    await this.queue.schedule(tx, PROBE_WINDOW, data.windowId);
  }
}
