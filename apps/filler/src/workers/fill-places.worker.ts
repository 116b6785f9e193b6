import { PlaceFinder } from '../clients/place-finder.js';
import { whoWaitsForWhom, type PlacedTarget } from '../domain/places.js';
import { PlaceRepository } from '../persistence/place.repository.js';
import { FILL_PLACES, partSubject, workOf } from '../work-kinds.js';
import { WorkQueue } from '#libs/messaging/src/work-queue.js';
import { Works, type Claim, type Next, type Worker } from '#libs/messaging/src/worker.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Finds out where every target of a fill leads, so that no two parts fill one app at the same time; then the parts are due. */
@Works({ kind: FILL_PLACES, leaseMs: 6_000, concurrency: 2, attemptsMax: 3 })
export class FillPlacesWorker implements Worker<PlacedTarget[]> {
  constructor(
    private readonly places: PlaceRepository,
    private readonly finder: PlaceFinder,
    private readonly queue: WorkQueue,
  ) {}

  async act(claim: Claim): Promise<PlacedTarget[]> {
    const due = await claim.transaction((tx) => this.places.due(tx, claim.subject));
    return Promise.all(
      due.map(async ({ targetId, url, settledAt }) => ({
        targetId,
        settledAt,
        places: await this.finder.placesOf(url),
      })),
    );
  }

  async record(claim: Claim, targets: PlacedTarget[], tx: Tx): Promise<Next> {
    await this.places.arrange(tx, claim.subject, targets, whoWaitsForWhom(targets));
    return this.begin(claim, tx);
  }

  /** Then nobody waits for anybody. */
  async giveUp(claim: Claim, _why: string, tx: Tx): Promise<Next> {
    return this.begin(claim, tx);
  }

  private async begin(claim: Claim, tx: Tx): Promise<Next> {
    const due = await this.places.due(tx, claim.subject);
    for (const driver of ['browser', 'http'] as const) {
      const subjects = due
        .filter((target) => target.driver === driver)
        .map(({ targetId }) => partSubject(claim.subject, targetId));
      await this.queue.scheduleAll(tx, workOf(driver), subjects);
    }
    return 'done';
  }
}
