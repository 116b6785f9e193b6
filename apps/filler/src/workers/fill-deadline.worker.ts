import { PartEnding } from '../part-ending.js';
import { FillRepository } from '../persistence/fill.repository.js';
import { FILL_DEADLINE, partSubject, workOf } from '../work-kinds.js';
import { WorkQueue } from '#libs/messaging/src/work-queue.js';
import { Works, type Claim, type Next, type Worker } from '#libs/messaging/src/worker.js';
import type { Tx } from '#libs/platform/src/transaction.js';

const keepLogDays = 30;
/** A part that is under way at the deadline gets this much longer: twice what one attempt may take. */
const graceMs = 240_000;
const lookAgainMs = 10_000;

/**
 * Every fill closes, whatever its parts do: what has not begun by its deadline is given up, and what is still under way some time later
 * is taken from whoever has it, lease or not. The fence keeps that one from recording anything afterwards.
 */
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
    const fill = await this.fills.lock(tx, claim.subject);
    if (!fill) return 'done';
    const isOver = tx.now.getTime() >= fill.endsAt.getTime() + graceMs;
    let underWay = 0;
    for (const part of await this.fills.openParts(tx, claim.subject)) {
      const hasBegun = part.state === 'filling';
      if (hasBegun && !isOver) underWay += 1;
      if (hasBegun && !isOver) continue;
      await this.ending.end(
        tx,
        part,
        hasBegun ? 'It took too long and was ended.' : 'Our side did not get to it in time.',
      );
      await this.queue.revoke(tx, workOf(part.driver), partSubject(part.fillId, part.targetId));
    }
    await this.fills.forgetBefore(tx, keepLogDays);
    return underWay > 0 ? { againInMs: lookAgainMs, note: `${underWay} parts under way` } : 'done';
  }

  async giveUp(): Promise<Next> {
    return { againInMs: 60_000, note: 'the fill could not be ended' };
  }
}
