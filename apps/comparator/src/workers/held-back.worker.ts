import { HeldBackRepository } from '../persistence/held-back.repository.js';
import { HELD_BACK } from '../work-kinds.js';
import { Works, type Claim, type Next, type Worker } from '#libs/messaging/src/worker.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Ends a batch that was held back and forgotten, when its time is over. */
@Works({ kind: HELD_BACK, leaseMs: 5_000, concurrency: 1, attemptsMax: 10 })
export class HeldBackWorker implements Worker<null> {
  constructor(private readonly heldBack: HeldBackRepository) {}

  async act(): Promise<null> {
    return null;
  }

  async record(claim: Claim, _seen: null, tx: Tx): Promise<Next> {
    const batch = await this.heldBack.lock(tx, claim.subject);
    if (batch?.state !== 'open') return 'done';
    const leftMs = Date.parse(batch.expiresAt) - tx.now.getTime();
    if (leftMs > 0) return { againInMs: leftMs, note: 'until what is held back expires', newTrace: true };
    await this.heldBack.forget(tx, batch.batchId);
    await this.heldBack.end(tx, batch.batchId, 'expired', 'lockstep');
    return 'done';
  }

  async giveUp(): Promise<Next> {
    return { againInMs: 60_000, note: 'what is held back could not be ended' };
  }
}
