import { randomUUID } from 'node:crypto';
import { LabTrouble } from '../clients/fill-driver.js';
import { Prober } from '../clients/prober.js';
import { WindowRepository } from '../persistence/window.repository.js';
import { ProbeRun, type ProbedWindow } from '../probe-run.js';
import { WindowClosing } from '../window-closing.js';
import { PROBE_WINDOW } from '../work-kinds.js';
import { windowsAtOnceMax } from '#libs/contracts/src/windows.js';
import { untraced } from '#libs/egress/src/egress-span.js';
import { Works, type Claim, type Next, type Worker } from '#libs/messaging/src/worker.js';
import { databaseTrouble } from '#libs/platform/src/database-trouble.js';
import type { Tx } from '#libs/platform/src/transaction.js';
import { samplesOf, type ProbeRecord } from '#libs/proof/src/record.js';
import { pause } from '#libs/replication/src/lock-keeper.js';

/** What has been seen is on disk after this long; a process that dies loses no more. */
const keepEveryMs = 1_000;

/**
 * Probes one window to its end. A process that dies is followed by another within its lease, which goes on by the clock; what nobody saw
 * between them is our gap. While our database is away probing goes on, and what was seen waits in memory: a whole window is 3 MB at most.
 */
@Works({ kind: PROBE_WINDOW, leaseMs: 6_000, concurrency: windowsAtOnceMax, attemptsMax: 20 })
export class ProbeWindowWorker implements Worker<null> {
  constructor(
    private readonly windows: WindowRepository,
    private readonly prober: Prober,
    private readonly closing: WindowClosing,
  ) {}

  async act(claim: Claim): Promise<null> {
    const window = await this.begin(claim);
    // A span for each of thousands of probes would push out everything else; their records say more.
    if (window) await untraced(() => this.probe(claim, window));
    return null;
  }

  async record(claim: Claim, _seen: null, tx: Tx): Promise<Next> {
    const window = await this.windows.find(tx, claim.subject);
    if (window && !window.closedAt) await this.closing.close(tx, window);
    return 'done';
  }

  /** What nobody saw proves nothing: the verdict says so. */
  async giveUp(claim: Claim, _why: string, tx: Tx): Promise<Next> {
    return this.record(claim, null, tx);
  }

  private begin(claim: Claim): Promise<ProbedWindow | undefined> {
    return claim.transaction(async (tx) => {
      const window = await this.windows.open(tx, claim.subject);
      if (!window || window.isStopped) return undefined;
      const writes = samplesOf(await this.windows.records(tx, window), 'write');
      const acknowledged = writes.flatMap(({ outcome, marker }) => (outcome === 'ok' && marker ? [marker] : []));
      return { ...window, acknowledged };
    });
  }

  private async probe(claim: Claim, window: ProbedWindow): Promise<void> {
    const leaving = new AbortController();
    const run = new ProbeRun(window, this.prober, AbortSignal.any([claim.signal, leaving.signal]));
    let isOver = false;
    const over = run.run().finally(() => (isOver = true));
    try {
      const unkept: Chunk[] = [];
      while (!claim.signal.aborted && (!isOver || unkept.length > 0)) {
        const turn = pause(keepEveryMs, claim.signal);
        await (isOver ? turn : Promise.race([over, turn]));
        const records = run.take();
        if (records.length > 0) unkept.push({ chunkId: randomUUID(), records });
        if (await this.keep(claim, window.windowId, unkept)) leaving.abort();
      }
    } finally {
      leaving.abort();
      await over;
    }
    if (claim.signal.aborted) throw new LabTrouble('the window was left before its end');
  }

  /** Writes down what waits, and takes it out when that has succeeded; true when the app has left. */
  private async keep(claim: Claim, windowId: string, unkept: Chunk[]): Promise<boolean> {
    try {
      const isStopped = await claim.transaction(async (tx) => {
        for (const { chunkId, records } of unkept) await this.windows.keep(tx, windowId, chunkId, records);
        return (await this.windows.find(tx, windowId))?.isStopped ?? true;
      });
      unkept.length = 0;
      return isStopped;
    } catch (error) {
      if (!databaseTrouble(error)) throw error;
      return false;
    }
  }
}

interface Chunk {
  readonly chunkId: string;
  readonly records: readonly ProbeRecord[];
}
