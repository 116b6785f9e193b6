import { EvidenceRepository } from '../persistence/evidence.repository.js';
import { EVIDENCE_RETENTION } from '../work-kinds.js';
import { Works, type Claim, type Next, type Worker } from '#libs/messaging/src/worker.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Raw bodies that found differences are kept so long, and all of them together take no more than this. */
export const evidenceDays = 7;
export const evidenceBytesMax = 2_000_000_000;
const dayMs = 86_400_000;
/** They grow fast: a class of apps writes some ten megabytes a minute. */
const everyMs = 600_000;

/** Deletes raw bodies that are old or too many. */
@Works({ kind: EVIDENCE_RETENTION, leaseMs: 30_000, concurrency: 1, attemptsMax: 10 })
export class EvidenceRetentionWorker implements Worker<null> {
  constructor(private readonly evidence: EvidenceRepository) {}

  async act(): Promise<null> {
    return null;
  }

  async record(_claim: Claim, _seen: null, tx: Tx): Promise<Next> {
    await this.evidence.sweep(tx, new Date(tx.now.getTime() - evidenceDays * dayMs), evidenceBytesMax);
    return { againInMs: everyMs, note: `bodies are kept for ${evidenceDays} days`, newTrace: true };
  }

  async giveUp(): Promise<Next> {
    return { againInMs: everyMs, note: 'old bodies could not be deleted' };
  }
}
