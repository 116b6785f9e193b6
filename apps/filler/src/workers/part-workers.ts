import { FILL_BROWSER, FILL_HTTP } from '../work-kinds.js';
import { PartEnding } from '../part-ending.js';
import { PartFiller, type PartSeen } from '../part-filler.js';
import { PartLog } from '../part-log.js';
import { Works, type Claim, type Next, type Worker } from '#libs/messaging/src/worker.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Both kinds of part are filled alike; they differ in how many at once: a page costs a core, a connection next to nothing. */
class PartWorker implements Worker<PartSeen | null> {
  constructor(
    private readonly filler: PartFiller,
    private readonly log: PartLog,
    private readonly ending: PartEnding,
  ) {}

  act(claim: Claim): Promise<PartSeen | null> {
    return this.filler.fill(claim);
  }

  async record(_claim: Claim, seen: PartSeen | null, tx: Tx): Promise<Next> {
    if (seen) await this.ending.end(tx, seen.part, seen.driver, 'The part took too long and was ended.');
    return 'done';
  }

  async giveUp(claim: Claim, error: unknown, tx: Tx): Promise<Next> {
    const part = await this.log.openPart(claim, tx);
    const why = error instanceof Error ? error.message : String(error);
    if (part) await this.ending.end(tx, part, part.driver, `Our side failed: ${why}`.slice(0, 300));
    return 'done';
  }
}

@Works({ kind: FILL_BROWSER, leaseMs: 8_000, concurrency: 3, attemptsMax: 4 })
export class BrowserPartWorker extends PartWorker {
  constructor(filler: PartFiller, log: PartLog, ending: PartEnding) {
    super(filler, log, ending);
  }
}

@Works({ kind: FILL_HTTP, leaseMs: 8_000, concurrency: 16, attemptsMax: 4 })
export class HttpPartWorker extends PartWorker {
  constructor(filler: PartFiller, log: PartLog, ending: PartEnding) {
    super(filler, log, ending);
  }
}
