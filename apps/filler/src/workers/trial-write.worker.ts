import { LabTrouble } from '../clients/fill-driver.js';
import { Prober } from '../clients/prober.js';
import { lineOf, oursLine } from '../domain/trial-write.js';
import { TrialWriteRepository } from '../persistence/trial-write.repository.js';
import { tryWrite } from '../trial-run.js';
import { TRIAL_WRITE } from '../work-kinds.js';
import { preflightsAtOnceMax, type PreflightLine } from '#libs/contracts/src/preflight.js';
import { Works, type Claim, type Next, type Worker } from '#libs/messaging/src/worker.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/**
 * Writes one entry to an app that is not submitted yet, and looks for it. It waits behind no fill and no window. The entry is marked as
 * sent on disk before it is: who comes after a crash looks for it, and sends nothing.
 */
@Works({ kind: TRIAL_WRITE, leaseMs: 6_000, concurrency: preflightsAtOnceMax, attemptsMax: 3 })
export class TrialWriteWorker implements Worker<PreflightLine | null> {
  constructor(
    private readonly trials: TrialWriteRepository,
    private readonly prober: Prober,
  ) {}

  async act(claim: Claim): Promise<PreflightLine | null> {
    const trial = await claim.transaction((tx) => this.trials.markSent(tx, claim.subject));
    if (!trial) return null;
    const seen = await tryWrite(this.prober, trial, claim.signal);
    if (claim.signal.aborted) throw new LabTrouble('the trial write was left before its end');
    return lineOf(seen);
  }

  async record(claim: Claim, line: PreflightLine | null, tx: Tx): Promise<Next> {
    if (line) await this.trials.end(tx, claim.subject, line);
    return 'done';
  }

  /** Why is in the log; it is nothing that the asker could mend. */
  async giveUp(claim: Claim, _why: string, tx: Tx): Promise<Next> {
    return this.record(claim, oursLine('What became of the entry is not known.'), tx);
  }
}
