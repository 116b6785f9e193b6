import { Controller } from '@nestjs/common';
import { shownAs } from './domain/roster.js';
import { FillScheduler } from './fill-scheduler.js';
import { AppRepository } from './persistence/app.repository.js';
import type { Automation } from './persistence/entities.js';
import { FillRepository } from './persistence/fill.repository.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { Problem } from '#libs/contracts/src/problem.js';
import {
  GetFillAutomation,
  RequestFill,
  SetFillAutomation,
  type FillAutomation,
} from '#libs/contracts/src/submission.js';
import { readAppAddress } from '#libs/egress/src/app-address.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import { uuidv7 } from '#libs/messaging/src/uuid.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** The timer as staff see and set it. */
@Controller()
export class AutomationController {
  constructor(
    private readonly fills: FillRepository,
    private readonly apps: AppRepository,
    private readonly scheduler: FillScheduler,
    private readonly policy: EgressPolicy,
  ) {}

  @Answers(RequestFill)
  async requestFill({ by }: DataOf<typeof RequestFill>, tx: Tx) {
    const automation = await this.fills.automation(tx);
    const last = await this.fills.last(tx);
    if (last && !last.closedAt)
      throw new Problem(
        'conflict',
        `Fill ${last.number} is still running.`,
        'Wait until it has closed; the board shows how far it is.',
      );
    automation.nextFillAt = null;
    return this.scheduler.request(tx, automation, 'staff', by);
  }

  @Answers(SetFillAutomation)
  async set({ on, intervalSeconds, baselineUrl }: DataOf<typeof SetFillAutomation>, tx: Tx) {
    const baseline = baselineUrl === undefined ? undefined : await this.freeAddress(tx, baselineUrl);
    const automation = await this.fills.automation(tx);
    if (on !== undefined) automation.isOn = on;
    if (intervalSeconds !== undefined)
      Object.assign(automation, { intervalSeconds, intervalSetBy: 'staff', nextFillAt: null });
    if (baseline !== undefined) this.moveBaseline(automation, baseline);
    await tx.flush();
    await this.scheduler.lookSoon(tx);
    return this.view(tx, automation);
  }

  @Answers(GetFillAutomation)
  async get(_data: DataOf<typeof GetFillAutomation>, tx: Tx) {
    const automation = await this.fills.findAutomation(tx);
    if (!automation)
      throw new Problem('service-down', 'The submission service is still starting.', 'Try again in a moment.');
    return this.view(tx, automation);
  }

  /** An address that no app has: its owner's app would be filled twice. The roster is locked before the settings, as everywhere. */
  private async freeAddress(tx: Tx, given: string): Promise<string> {
    const address = readAppAddress(this.policy, given);
    await this.apps.lockRoster(tx);
    const app = await this.apps.findActiveByUrl(tx, address);
    if (app)
      throw new Problem('conflict', `${address} is the app of ${shownAs(app).name}.`, 'Withdraw that app first, or choose another baseline.'); // prettier-ignore
    return address;
  }

  /** Another baseline is another target: what the old one holds says nothing about it. */
  private moveBaseline(automation: Automation, baselineUrl: string): void {
    if (baselineUrl === automation.shadowUrl)
      throw new Problem('conflict', `${baselineUrl} is the second baseline: it would be compared with itself.`, 'Choose another address.'); // prettier-ignore
    if (baselineUrl !== automation.baselineUrl) automation.baselineId = uuidv7();
    Object.assign(automation, { baselineUrl, baselineSetBy: 'staff' });
  }

  private async view(tx: Tx, automation: Automation): Promise<FillAutomation> {
    const last = await this.fills.last(tx);
    const isOpen = last !== null && !last.closedAt;
    return {
      on: automation.isOn,
      intervalSeconds: automation.intervalSeconds,
      baselineUrl: automation.baselineUrl,
      nextFillAt: automation.isOn && !isOpen ? (automation.nextFillAt?.toISOString() ?? null) : null,
      lastFill: last ? { fillId: last.fillId, number: last.number, requestedAt: last.requestedAt.toISOString() } : null,
    };
  }
}
