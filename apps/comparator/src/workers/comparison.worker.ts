import { trace } from '@opentelemetry/api';
import { decide } from '../domain/comparison.js';
import { Looker } from '../looker.js';
import type { Look } from '../domain/look.js';
import { packed } from '../judging/evidence.js';
import { LookKeeper } from '../look-keeper.js';
import { LookPlans } from '../look-plans.js';
import { VerdictRecorder } from '../verdict-recorder.js';
import { COMPARISON } from '../work-kinds.js';
import type { Comparison } from '../persistence/comparison.repository.js';
import { Works, type Claim, type Next, type Worker } from '#libs/messaging/src/worker.js';
import { attribute } from '#libs/platform/src/telemetry/names.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** What an attempt has seen; or that there was nothing to see. */
type Seen =
  | { readonly kind: 'look'; readonly look: Look; readonly evidence: Uint8Array | null }
  | { readonly kind: 'left' }
  | { readonly kind: 'no-fill-yet' };

/**
 * Takes one look at an app; the domain decides whether another is needed. So many at once that apps which keep us waiting for seconds
 * do not hold up the others; a crowd shares its transactions (`./lockstep bench rounds`, `bench hostile`).
 */
@Works({
  ...{ kind: COMPARISON, leaseMs: 8_000, concurrency: 192, attemptsMax: 3 },
  sharing: { claimsMax: 48, waitMs: 100, lastWaitMs: 10 },
})
export class ComparisonWorker implements Worker<Seen> {
  constructor(
    private readonly plans: LookPlans,
    private readonly looker: Looker,
    private readonly keeper: LookKeeper,
    private readonly recorder: VerdictRecorder,
  ) {}

  async act(claim: Claim): Promise<Seen> {
    const span = trace.getActiveSpan();
    span?.setAttribute(attribute.comparisonId, claim.subject);
    const planned = await claim.transaction((tx) => this.plans.make(tx, claim.subject));
    if (planned.kind !== 'look') return planned;
    span?.setAttribute(attribute.appId, planned.plan.appId);
    const { look, jobs } = await this.looker.look(planned.plan, claim.signal);
    return { kind: 'look', look, evidence: await packed(jobs) };
  }

  async record(claim: Claim, seen: Seen, tx: Tx): Promise<Next> {
    const comparison = await this.recorder.open(tx, claim.subject);
    if (!comparison) return 'done';
    if (seen.kind === 'left')
      return this.recorder.abandon(tx, comparison, 'The app was withdrawn before it was compared.');
    if (await this.isOutdated(tx, comparison, seen)) return { againInMs: 0, note: 'a fill has closed meanwhile' };
    if (seen.kind === 'no-fill-yet') return this.recorder.nothingYet(tx, comparison);
    await this.keeper.keep(tx, comparison, seen);
    const looks = [...comparison.looks, seen.look];
    const decision = decide(looks);
    if (decision.kind === 'look-again') return this.recorder.lookAgain(tx, comparison, looks, decision.inMs);
    if (decision.kind === 'fail') return this.recorder.fail(tx, comparison, looks, decision.side);
    return this.recorder.judge(tx, comparison, looks, decision);
  }

  async giveUp(claim: Claim, why: string, tx: Tx): Promise<Next> {
    const comparison = await this.recorder.open(tx, claim.subject);
    return comparison ? this.recorder.abandon(tx, comparison, `Our side failed: ${why}`) : 'done';
  }

  /** Who had nothing to answer for may have it now: the event of the fill that closed meanwhile has joined this comparison. */
  private async isOutdated(tx: Tx, { appId }: Comparison, seen: Seen): Promise<boolean> {
    if (seen.kind === 'look' && seen.look.acknowledged > 0) return false;
    return this.plans.hasClosedMore(tx, appId, seen.kind === 'look' ? seen.look.fillsClosed : 0);
  }
}
