import { linesOfOurFailure, preflightLines } from '../domain/preflight-lines.js';
import type { PreflightSeen } from '../domain/preflight-seen.js';
import { inForce } from '../domain/rules.js';
import { PreflightRepository } from '../persistence/preflight.repository.js';
import { RuleSetRepository } from '../persistence/rule-set.repository.js';
import { PreflightLooker, type PreflightPlan } from '../preflight-looker.js';
import { PREFLIGHT } from '../work-kinds.js';
import { preflightsAtOnceMax } from '#libs/contracts/src/preflight.js';
import { Works, type Claim, type Next, type Worker } from '#libs/messaging/src/worker.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/**
 * Looks at an app before it is submitted, and writes down what it saw. Reading changes nothing, so after a crash it reads again; somebody
 * waits, so it gives up soon.
 */
@Works({ kind: PREFLIGHT, leaseMs: 8_000, concurrency: preflightsAtOnceMax, attemptsMax: 2 })
export class PreflightWorker implements Worker<PreflightSeen | null> {
  constructor(
    private readonly preflights: PreflightRepository,
    private readonly ruleSets: RuleSetRepository,
    private readonly looker: PreflightLooker,
  ) {}

  async act(claim: Claim): Promise<PreflightSeen | null> {
    const plan = await claim.transaction((tx) => this.planOf(claim.subject, tx));
    return plan && this.looker.look(plan, claim.signal);
  }

  async record(claim: Claim, seen: PreflightSeen | null, tx: Tx): Promise<Next> {
    if (seen) await this.preflights.end(tx, claim.subject, preflightLines(seen));
    return 'done';
  }

  async giveUp(claim: Claim, why: string, tx: Tx): Promise<Next> {
    const preflight = await this.preflights.find(tx, claim.subject);
    if (preflight) await this.preflights.end(tx, claim.subject, linesOfOurFailure(preflight.url, why));
    return 'done';
  }

  /** Null: it is over, or forgotten. */
  private async planOf(preflightId: string, tx: Tx): Promise<PreflightPlan | null> {
    const preflight = await this.preflights.find(tx, preflightId);
    if (!preflight || preflight.isOver) return null;
    const rules = (await this.ruleSets.find(tx))?.rules ?? [];
    return { url: preflight.url, rules: inForce(rules, tx.now) };
  }
}
