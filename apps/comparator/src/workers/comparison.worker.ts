import { trace } from '@opentelemetry/api';
import { decide } from '../domain/comparison.js';
import { Looker, type LookPlan } from '../looker.js';
import type { Look } from '../domain/look.js';
import { ComparisonPlans } from '../comparison-plans.js';
import { VerdictRecorder } from '../verdict-recorder.js';
import { COMPARISON } from '../work-kinds.js';
import { Works, type Claim, type Next, type Worker } from '#libs/messaging/src/worker.js';
import { attribute } from '#libs/platform/src/telemetry/names.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Takes one look at an app; the domain decides whether another is needed. Null: the app left, there is nothing to compare. */
@Works({ kind: COMPARISON, leaseMs: 8_000, concurrency: 16, attemptsMax: 3 })
export class ComparisonWorker implements Worker<Look | null> {
  constructor(
    private readonly plans: ComparisonPlans,
    private readonly looker: Looker,
    private readonly recorder: VerdictRecorder,
  ) {}

  async act(claim: Claim): Promise<Look | null> {
    trace.getActiveSpan()?.setAttribute(attribute.comparisonId, claim.subject);
    const plan: LookPlan | null = await claim.transaction((tx) => this.plans.make(tx, claim.subject));
    return plan && this.looker.look(plan, claim.signal);
  }

  async record(claim: Claim, look: Look | null, tx: Tx): Promise<Next> {
    const comparison = await this.recorder.open(tx, claim.subject);
    if (!comparison) return 'done';
    if (!look) return this.recorder.abandon(tx, comparison, 'The app was withdrawn, or no fill has begun yet.');
    const looks = [...comparison.looks, look];
    const decision = decide(looks);
    if (decision.kind === 'look-again') return this.recorder.lookAgain(tx, comparison, looks, decision.inMs);
    if (decision.kind === 'fail') return this.recorder.fail(tx, comparison, looks, decision.side);
    return this.recorder.judge(tx, comparison, looks, decision);
  }

  async giveUp(claim: Claim, error: unknown, tx: Tx): Promise<Next> {
    const comparison = await this.recorder.open(tx, claim.subject);
    const why = error instanceof Error ? error.message : String(error);
    return comparison ? this.recorder.abandon(tx, comparison, `Our side failed: ${why}`.slice(0, 300)) : 'done';
  }
}
