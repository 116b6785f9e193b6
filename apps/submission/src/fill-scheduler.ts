import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { bringForward, decideFill, type FillSchedule } from './domain/fill-schedule.js';
import { shownAs } from './domain/roster.js';
import { AppRepository } from './persistence/app.repository.js';
import type { Automation } from './persistence/entities.js';
import { FillRepository } from './persistence/fill.repository.js';
import { FillRequested } from '#libs/contracts/src/submission.js';
import { Outbox } from '#libs/messaging/src/outbox.js';
import { uuidv7 } from '#libs/messaging/src/uuid.js';
import { WorkQueue } from '#libs/messaging/src/work-queue.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** The kind of work that is the timer: one row, subject `lab`. */
export const FILL_SCHEDULE = 'fill-schedule';

/** Reads the schedule, lets the domain decide, requests the fill. Always under the lock of the one settings row. */
@Injectable()
export class FillScheduler {
  constructor(
    private readonly apps: AppRepository,
    private readonly fills: FillRepository,
    private readonly outbox: Outbox,
    private readonly queue: WorkQueue,
  ) {}

  /** Requests a fill if one is due; returns the milliseconds until the next look, or null when only an event can change anything. */
  async look(tx: Tx): Promise<number | null> {
    const automation = await this.fills.automation(tx);
    const schedule = await this.schedule(tx, automation);
    const decision = decideFill(schedule, tx.now);
    automation.nextFillAt = decision.nextFillAt;
    if (decision.request) await this.request(tx, automation, decision.request, 'lockstep');
    if (schedule.openFill !== null || decision.nextFillAt === null) return null;
    return decision.nextFillAt.getTime() - tx.now.getTime();
  }

  /** Something changed: look again at once. */
  lookSoon(tx: Tx): Promise<void> {
    return this.queue.schedule(tx, FILL_SCHEDULE, 'lab');
  }

  /** An app has joined or come back: its first fill comes early. */
  async welcome(tx: Tx): Promise<void> {
    const automation = await this.fills.automation(tx);
    automation.nextFillAt = bringForward(await this.schedule(tx, automation), tx.now);
    await this.lookSoon(tx);
  }

  /** Where the baselines are; none before the first start has ended. */
  async baselineUrls(tx: Tx): Promise<string[]> {
    const automation = await this.fills.findAutomation(tx);
    return [automation?.baselineUrl, automation?.shadowUrl].filter((url) => typeof url === 'string');
  }

  async request(tx: Tx, automation: Automation, reason: 'start' | 'schedule' | 'staff', by: string) {
    const fillId = uuidv7();
    const number = ((await this.fills.last(tx))?.number ?? 0) + 1;
    const apps = await this.apps.listActive(tx);
    const baseline = {
      targetId: automation.baselineId,
      role: 'baseline' as const,
      name: 'baseline',
      url: automation.baselineUrl,
    };
    const { shadowId, shadowUrl } = automation;
    const shadow = { role: 'shadow' as const, name: 'second baseline' };
    const targets = [
      baseline,
      ...(shadowId && shadowUrl ? [{ ...shadow, targetId: shadowId, url: shadowUrl }] : []),
      ...apps.map((app) => ({ targetId: app.appId, role: 'app' as const, name: shownAs(app).name, url: app.url })),
    ];
    this.fills.add(tx, { fillId, number, reason, actor: by, requestedAt: tx.now, closedAt: null });
    const { mode, iterations } = automation;
    const seed = randomBytes(16).toString('hex');
    this.outbox.send(tx, FillRequested, {
      fillId,
      number,
      seed,
      reason,
      by,
      mode,
      iterations,
      requestedAt: tx.now.toISOString(),
      targets,
    });
    return { fillId, number, targets: targets.length };
  }

  private async schedule(tx: Tx, automation: Automation): Promise<FillSchedule> {
    const last = await this.fills.last(tx);
    return {
      on: automation.isOn,
      intervalSeconds: automation.intervalSeconds,
      nextFillAt: automation.nextFillAt ?? null,
      lastRequestedAt: last?.requestedAt ?? null,
      openFill: last && !last.closedAt ? last.number : null,
      appsTakingPart: await this.apps.countActive(tx),
    };
  }
}
