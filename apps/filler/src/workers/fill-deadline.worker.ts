import { partSubject } from '../part-log.js';
import { PartEnding } from '../part-ending.js';
import { FillRepository } from '../persistence/fill.repository.js';
import { FILL_BROWSER, FILL_DEADLINE, FILL_HTTP } from '../work-kinds.js';
import { WorkQueue } from '#libs/messaging/src/work-queue.js';
import { Works, type Claim, type Next, type Worker } from '#libs/messaging/src/worker.js';
import type { Tx } from '#libs/platform/src/transaction.js';

const keepLogDays = 30;

/** Every fill closes: what has not begun by its deadline is given up, what is under way gets a little longer. */
@Works({ kind: FILL_DEADLINE, leaseMs: 6_000, concurrency: 1, attemptsMax: 10 })
export class FillDeadlineWorker implements Worker<null> {
  constructor(
    private readonly fills: FillRepository,
    private readonly ending: PartEnding,
    private readonly queue: WorkQueue,
  ) {}

  async act(): Promise<null> {
    return null;
  }

  async record(claim: Claim, _seen: null, tx: Tx): Promise<Next> {
    for (const part of await this.fills.openParts(tx, claim.subject)) {
      if (part.state !== 'due') continue;
      const kind = part.driver === 'browser' ? FILL_BROWSER : FILL_HTTP;
      await this.queue.cancel(tx, kind, partSubject(part.fillId, part.targetId));
      await this.ending.end(tx, part, part.driver, 'Our side did not get to it in time.');
    }
    await this.fills.forgetBefore(tx, keepLogDays);
    const open = await this.fills.openParts(tx, claim.subject);
    return open.length > 0 ? { againInMs: 10_000, note: `${open.length} parts under way` } : 'done';
  }

  async giveUp(): Promise<Next> {
    return { againInMs: 60_000, note: 'the fill could not be ended' };
  }
}
