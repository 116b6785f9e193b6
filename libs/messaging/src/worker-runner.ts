import { setImmediate as immediately } from 'node:timers/promises';
import { SpanKind } from '@opentelemetry/api';
import { errorText } from './error-text.js';
import { Patience } from './patience.js';
import { SharedTransactions } from './shared-transactions.js';
import { Wake } from './wake.js';
import { claim, Fenced, finish, msUntilDue, mustHold, putBack, renew, type PutBack, type WorkRow } from './work.js';
import type { WorkQueue } from './work-queue.js';
import type { Claim, Next, Worker, WorkSettings } from './worker.js';
import type { Database } from '#libs/platform/src/database.js';
import { databaseTrouble } from '#libs/platform/src/database-trouble.js';
import { passing } from '#libs/platform/src/failpoint.js';
import type { Logger } from '#libs/platform/src/logger.js';
import { attribute, spanName } from '#libs/platform/src/telemetry/names.js';
import { asService } from '#libs/platform/src/telemetry/providers.js';
import { contextOf, inSpan } from '#libs/platform/src/telemetry/spans.js';
import { pause } from '#libs/replication/src/lock-keeper.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Work made due by another process is found within this time. */
const lookMs = 1_000;
const firstRetryMs = 1_000;
const retryMsMax = 60_000;
/** After trouble with the database; long enough that many workers do not become the trouble. */
const troubleMs = 5_000;
const troublesMax = 5;
const putBackRetryMs = 500;
const whyCharsMax = 300;

const alone = { claimsMax: 1, waitMs: 0, lastWaitMs: 0 };

export interface RunnerParts {
  readonly service: string;
  readonly database: Database;
  readonly queue: WorkQueue;
  readonly logger: Logger;
}

/** Runs one worker in this process: claims what is due, keeps the leases alive, records under the fence. */
export class WorkerRunner {
  private readonly bell = new Wake();
  private readonly stopping = new AbortController();
  private readonly busy = new Set<Promise<void>>();
  private readonly patience = new Patience(troublesMax);
  private readonly transactions: SharedTransactions;
  private running: Promise<void> | undefined;
  /** Whether the last claim got all that it asked for. */
  private isMoreDue = false;

  constructor(
    private readonly worker: Worker<unknown>,
    private readonly settings: WorkSettings,
    private readonly parts: RunnerParts,
  ) {
    const { sharing = alone } = settings;
    this.transactions = new SharedTransactions(parts.database, sharing, {
      underWay: () => this.busy.size,
      isMoreDue: () => this.isMoreDue,
    });
  }

  start(): void {
    const deaf = this.parts.queue.listen(this.settings.kind, () => this.bell.ring());
    this.running = asService(this.parts.service, () => this.run()).finally(deaf);
  }

  /** Claims nothing more; aborts what is under way and waits until it has recorded or given back. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.bell.ring();
    await this.running;
    await Promise.all(this.busy);
  }

  private async run(): Promise<void> {
    const { kind, leaseMs, concurrency } = this.settings;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const free = concurrency - this.busy.size;
        const rows = free > 0 ? await claim(this.parts.database, kind, leaseMs, free) : [];
        if (free > 0) this.isMoreDue = rows.length === free;
        for (const row of rows) this.begin(row);
        if (rows.length === 0) await this.bell.wait(free > 0 ? await this.idleMs() : lookMs);
        await immediately(); // claims that share a transaction end together, and are followed together
      } catch (error) {
        this.parts.logger.warn({ err: error, kind }, 'work not claimed');
        await pause(500, signal);
      }
    }
  }

  private async idleMs(): Promise<number> {
    return Math.min((await msUntilDue(this.parts.database, this.settings.kind)) ?? lookMs, lookMs) + 1;
  }

  private begin(row: WorkRow): void {
    const done = this.perform(row)
      .catch((error: unknown) =>
        this.parts.logger.error(
          { err: error, kind: row.kind, subject: row.subject },
          'work not recorded; the lease will run out',
        ),
      )
      .finally(() => {
        this.busy.delete(done);
        this.bell.ring();
      });
    this.busy.add(done);
  }

  private async perform(row: WorkRow): Promise<void> {
    const attributes = { [attribute.workKind]: row.kind, [attribute.attempt]: row.attempts + 1 };
    const options = { kind: SpanKind.INTERNAL, attributes, root: row.traceparent === null };
    await inSpan(spanName.work(row.kind), options, () => this.actAndRecord(row), contextOf(row.traceparent));
  }

  private async actAndRecord(row: WorkRow): Promise<void> {
    const held = new HeldClaim(row, this.settings.leaseMs, { ...this.parts, transactions: this.transactions }, this.stopping.signal); // prettier-ignore
    try {
      await passing('worker:claimed');
      if (row.attempts >= this.settings.attemptsMax)
        await this.giveUp(row, held, 'It never came back from being done.');
      else await this.actThenRecord(row, held);
      this.patience.forget(row.id);
    } catch (error) {
      await this.failed(row, held, error);
    } finally {
      held.end();
    }
  }

  private async actThenRecord(row: WorkRow, held: HeldClaim): Promise<void> {
    const seen = await this.worker.act(held);
    await passing('worker:acted');
    await this.settle(row, (tx) => this.worker.record(held, seen, tx));
    await passing('worker:recorded');
  }

  private giveUp(row: WorkRow, held: HeldClaim, why: string): Promise<void> {
    return this.settle(row, (tx) => this.worker.giveUp(held, why, tx));
  }

  private async settle(row: WorkRow, record: (tx: Tx) => Promise<Next>): Promise<void> {
    await this.transactions.run({
      work: record,
      last: (tx, next) =>
        next === 'done'
          ? finish(tx, row)
          : putBack(tx, row, next.againInMs, { note: next.note ?? null, attempts: 0, newTrace: next.newTrace }),
    });
  }

  /** Our own trouble (stopping, fenced, the database) is no attempt, unless it does not end; anything else is retried, then given up. */
  private async failed(row: WorkRow, held: HeldClaim, error: unknown): Promise<void> {
    const { logger } = this.parts;
    const what = { kind: row.kind, subject: row.subject };
    if (error instanceof Fenced || held.lost) return logger.warn(what, 'claim lost; nothing recorded');
    if (this.stopping.signal.aborted) return this.putBack(row, 0, { note: null, attempts: row.attempts });
    const trouble = databaseTrouble(error);
    if (trouble) {
      logger.warn({ ...what, err: error }, 'work not recorded: trouble with the database');
      const isPassing = trouble === 'away' || this.patience.isLeftFor(row.id);
      if (isPassing) return this.putBack(row, troubleMs, { note: null, attempts: row.attempts });
    } else logger.error({ ...what, err: error, attempt: row.attempts + 1 }, 'work failed');
    const attempts = row.attempts + 1;
    const why = errorText(error, whyCharsMax);
    if (attempts >= this.settings.attemptsMax) return this.giveUp(row, held, why);
    await this.putBack(row, Math.min(firstRetryMs * 2 ** row.attempts, retryMsMax), { note: why, attempts });
  }

  /** Tried until the database takes it, or the claim has run out: then it counts as an attempt that never came back. */
  private async putBack(row: WorkRow, delayMs: number, again: PutBack): Promise<void> {
    for (const end = performance.now() + this.settings.leaseMs; ;) {
      try {
        return await putBack(this.parts.database, row, delayMs, again);
      } catch (error) {
        if (!databaseTrouble(error) || performance.now() > end) throw error;
        await pause(putBackRetryMs, this.stopping.signal);
        if (this.stopping.signal.aborted) throw error;
      }
    }
  }
}

class HeldClaim implements Claim {
  private readonly abort = new AbortController();
  private readonly heartbeat: NodeJS.Timeout;
  private readonly onStop = () => this.abort.abort();
  lost = false;

  constructor(
    private readonly row: WorkRow,
    leaseMs: number,
    private readonly parts: RunnerParts & { readonly transactions: SharedTransactions },
    private readonly stop: AbortSignal,
  ) {
    stop.addEventListener('abort', this.onStop);
    if (stop.aborted) this.abort.abort();
    this.heartbeat = setInterval(() => void this.beat(leaseMs), leaseMs / 3);
  }

  get subject(): string {
    return this.row.subject;
  }
  get attempt(): number {
    return this.row.attempts + 1;
  }
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  transaction<T>(run: (tx: Tx) => Promise<T>): Promise<T> {
    return this.parts.transactions.run({ work: run, last: (tx) => mustHold(tx, this.row) });
  }

  end(): void {
    clearInterval(this.heartbeat);
    this.stop.removeEventListener('abort', this.onStop);
  }

  private async beat(leaseMs: number): Promise<void> {
    try {
      if (await renew(this.parts.database, this.row, leaseMs)) return;
      this.lost = true;
      this.abort.abort();
    } catch (error) {
      this.parts.logger.warn({ err: error, kind: this.row.kind }, 'lease not renewed');
    }
  }
}
