import { LabTrouble } from '../clients/fill-driver.js';
import { lookAgainMs } from '../domain/looking.js';
import { inTime } from '../in-time.js';
import { FILL_BROWSER, FILL_HTTP } from '../work-kinds.js';
import { PartEnding } from '../part-ending.js';
import { PartLog } from '../part-log.js';
import { PartVisit, type PartSeen } from '../part-visit.js';
import { Works, type Claim, type Next, type Worker } from '#libs/messaging/src/worker.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Everything within has its own limit, and all of them together stay below this one. It is for what nobody thought of. */
const actMsMax = 120_000;
const lookFailuresMax = 5;

/** Both kinds of part are filled alike; they differ in how many at once: a page costs a core, a connection next to nothing. */
class PartWorker implements Worker<PartSeen | null> {
  constructor(
    private readonly visit: PartVisit,
    private readonly log: PartLog,
    private readonly ending: PartEnding,
  ) {}

  async act(claim: Claim): Promise<PartSeen | null> {
    const seen = await inTime(this.visit.make(claim), actMsMax);
    if (seen === undefined) throw new LabTrouble('a part hung');
    return seen;
  }

  async record(claim: Claim, seen: PartSeen | null, tx: Tx): Promise<Next> {
    const part = await this.log.partToEnd(claim, tx);
    if (!part || !seen) return 'done';
    if (seen.next === 'again') return { againInMs: seen.inMs, note: seen.note };
    if (seen.isSettled) await this.log.settle(tx, part);
    await this.ending.end(tx, part, 'The part took too long and was ended.');
    return 'done';
  }

  /** What was never sent is skipped; what may be there is looked for a little longer, since only that can tell. */
  async giveUp(claim: Claim, why: string, tx: Tx): Promise<Next> {
    const part = await this.log.partToEnd(claim, tx);
    if (!part) return 'done';
    const reason = `Our side failed: ${why.replace(/^LabTrouble: /, '')}`;
    const mayBeThere = await this.log.skipPlanned(tx, part, reason);
    if (mayBeThere && part.lookFailures < lookFailuresMax) return { againInMs: lookAgainMs, note: 'looks for markers' };
    await this.ending.end(tx, part, reason);
    return 'done';
  }
}

@Works({ kind: FILL_BROWSER, leaseMs: 8_000, concurrency: 3, attemptsMax: 4 })
export class BrowserPartWorker extends PartWorker {
  constructor(visit: PartVisit, log: PartLog, ending: PartEnding) {
    super(visit, log, ending);
  }
}

@Works({ kind: FILL_HTTP, leaseMs: 8_000, concurrency: 16, attemptsMax: 4 })
export class HttpPartWorker extends PartWorker {
  constructor(visit: PartVisit, log: PartLog, ending: PartEnding) {
    super(visit, log, ending);
  }
}
