import type { Applier } from './applier.js';
import type { Bus } from './bus.js';
import { msUntilRetry } from './held-events.js';
import { graceMs, HoleWatch } from './hole-watch.js';
import { JetStreamRoad } from './jetstream-road.js';
import { LogIdentity } from './log-identity.js';
import { askReplay } from './replay.js';
import { Shelf, type Arrival } from './shelf.js';
import { subject } from './subjects.js';
import { Wake } from './wake.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import type { Database } from '#libs/platform/src/database.js';
import { passing } from '#libs/platform/src/failpoint.js';
import type { Logger } from '#libs/platform/src/logger.js';
import { asService } from '#libs/platform/src/telemetry/providers.js';
import { readCursor } from '#libs/replication/src/cursor.js';
import { pause, type Lock, type LockKeeper } from '#libs/replication/src/lock-keeper.js';

/** A batch is what has arrived; nothing lingers for more. */
const batchMax = 500;
/** Retries of one turn, so that new events never wait for a long row of old ones. */
const retriesMax = 50;
const idleMs = 500;
const tellMs = 2_000;
const repaveMs = 5_000;
const troubleMs = 500;
const doubtMs = 2_000;
const standStillMs = 5_000;

export interface ReaderParts {
  readonly service: ServiceName;
  readonly bus: Bus;
  readonly database: Database;
  readonly locks: LockKeeper;
  readonly applier: Applier;
  readonly logger: Logger;
}

/**
 * Reads one producer's log into one service, in one process at a time: takes what arrives, applies dense runs, and asks the
 * producer for what is missing. Whatever the broker forgets, doubles or reorders, the cursor only ever moves by one.
 */
export class InboxReader {
  private readonly bell = new Wake();
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private readonly shelf = new Shelf();
  private readonly holes = new HoleWatch();
  private readonly identity: LogIdentity;
  private cursor = 0;
  private appliedAt = 0;
  private isInDoubt = false;
  private toldAt = 0;
  private retryAt = 0;
  private repavedAt = 0;

  constructor(
    private readonly producer: ServiceName,
    private readonly parts: ReaderParts,
  ) {
    this.identity = new LogIdentity(producer);
  }

  start(): void {
    this.running = asService(this.parts.service, () => this.run());
  }

  /** Ends after the batch under way has committed. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.bell.ring();
    await this.running;
  }

  /** Why this log cannot be read on; undefined while all is well. */
  get problem(): string | undefined {
    return this.identity.problem;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const lock = await this.parts.locks.acquire(`inbox:${this.producer}`, signal);
      if (!lock) return;
      try {
        // Before anything arrives: by the cursor it is told whether a row is of our log or of another.
        await this.readCursor();
        await this.readWhile(lock, signal);
      } catch (error) {
        this.parts.logger.warn({ err: error, producer: this.producer }, 'reader starts again');
        await pause(troubleMs, signal);
      } finally {
        await lock.release().catch((error: unknown) => this.parts.logger.debug({ err: error }, 'lock was gone'));
      }
    }
  }

  private async readWhile(lock: Lock, stop: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const end = () => (ended.abort(), this.bell.ring());
    stop.addEventListener('abort', end);
    if (stop.aborted) end(); // while the lock was being asked for
    void lock.lost.then(end);
    const { bus, service, logger } = this.parts;
    const stopHearing = bus.listen(subject.highWater(this.producer), (message) => this.hear(Number(message.string())));
    const road = new JetStreamRoad({
      ...{ bus, reader: service, producer: this.producer, logger },
      room: () => this.shelf.room(),
      take: (arrival) => this.take(arrival),
    });
    const travelling = road.run(ended.signal);
    try {
      this.shelf.clear();
      this.holes.bePatient(performance.now());
      while (!ended.signal.aborted) await this.turn(road, ended.signal);
    } finally {
      stop.removeEventListener('abort', end);
      ended.abort();
      this.shelf.clear();
      await Promise.all([stopHearing(), travelling]);
    }
  }

  private async readCursor(): Promise<void> {
    const { n, logId } = await readCursor(this.parts.database, this.producer);
    this.cursor = n;
    this.identity.readOf(logId);
  }

  /** Rows of another log are neither kept nor acknowledged. */
  private take(arrival: Arrival): void {
    if (this.identity.isOf(arrival.logId)) this.shelf.put([arrival]);
    this.bell.ring();
  }

  /** Less than was read, though nothing has been read for a while: has the log gone back? */
  private hear(n: number): void {
    const now = performance.now();
    if (n < this.cursor && now - this.appliedAt > doubtMs) this.isInDoubt = true;
    if (this.holes.hear(n, this.cursor, now) || this.isInDoubt) this.bell.ring();
  }

  private async turn(road: JetStreamRoad, signal: AbortSignal): Promise<void> {
    let more: boolean;
    try {
      more = await this.applyNext();
      more = (await this.retryDue()) || more;
      this.tellCursor();
    } catch (error) {
      this.parts.logger.warn({ err: error, producer: this.producer }, 'not applied; the same events are tried again');
      await pause(troubleMs, signal);
      return this.readCursorAgain();
    }
    if (this.problem) return this.standStill(signal);
    if (more) return;
    if (this.isInDoubt) return this.fetchMissing(road, signal);
    const next = this.holes.next(this.cursor, this.shelf.waiting.length > 0, performance.now());
    if (next === 'idle') return this.bell.wait(idleMs);
    if (next === 'wait') return this.bell.wait(graceMs);
    await this.fetchMissing(road, signal);
  }

  /** True when there was something to apply. What was not reached, or failed, goes back on the shelf. */
  private async applyNext(): Promise<boolean> {
    const { ready, stale } = this.shelf.take(this.cursor, batchMax);
    for (const arrival of stale) arrival.ack();
    if (ready.length === 0) return false;
    try {
      await passing('inbox:received');
      this.cursor = await this.parts.applier.apply(this.producer, ready);
      this.appliedAt = performance.now();
      this.identity.readOf(ready[0]!.logId);
      this.holes.applied(ready[0]!.replayed, this.appliedAt);
      return true;
    } finally {
      for (const arrival of ready) {
        if (arrival.n <= this.cursor) arrival.ack();
        else this.shelf.put([arrival]);
      }
    }
  }

  /** The cursor in the database is the one that counts. */
  private async readCursorAgain(): Promise<void> {
    try {
      await this.readCursor();
    } catch (error) {
      this.parts.logger.debug({ err: error }, 'cursor not readable yet');
    }
  }

  /** The stream has a hole, or has lost its end: the producer's log has everything. */
  private async fetchMissing(road: JetStreamRoad, signal: AbortSignal): Promise<void> {
    const { bus, logger } = this.parts;
    try {
      const { events, ...log } = await askReplay(bus, this.producer, this.cursor);
      logger.debug({ producer: this.producer, after: this.cursor, events: events.length }, 'replayed from the log');
      this.isInDoubt = false;
      if (!this.identity.goesOn(log, this.cursor)) return;
      if (log.pruned > this.cursor) await this.beginAfter(log.pruned, log.logId);
      this.shelf.put(events.map((event) => ({ ...event, replayed: true, ack: () => {} })));
      if (events.length === 0) this.holes.isAtEnd(this.cursor);
      else this.repave(road);
      this.holes.bePatient(performance.now());
    } catch (error) {
      logger.debug({ err: error, producer: this.producer }, 'producer does not answer; its log is asked again');
      await pause(troubleMs, signal);
    }
  }

  /** Until somebody has put it right. */
  private async standStill(signal: AbortSignal): Promise<void> {
    this.parts.logger.error({ producer: this.producer }, this.problem);
    this.shelf.clear();
    await pause(standStillMs, signal);
    await this.readCursorAgain();
  }

  /** What was missing may mean that the durable or the stream is not what we think; looked at, but not at every lost message. */
  private repave(road: JetStreamRoad): void {
    if (performance.now() - this.repavedAt < repaveMs) return;
    this.repavedAt = performance.now();
    road.restart();
  }

  /** A reader that the catalogue gained later: rows are kept until all who were there before have told that they have them. */
  private async beginAfter(pruned: number, logId: string): Promise<void> {
    this.parts.logger.warn(
      { producer: this.producer, after: pruned },
      'a new reader begins after rows that are no longer kept',
    );
    await this.parts.database.query(
      `insert into cursor (log, n, log_id) values ($1, $2, $3)
       on conflict (log) do update set n = greatest(cursor.n, excluded.n), log_id = excluded.log_id`,
      [this.producer, pruned, logId],
    );
    await this.readCursor();
  }

  /** True when more of them may be due. */
  private async retryDue(): Promise<boolean> {
    if (performance.now() < this.retryAt) return false;
    for (let tried = 0; tried < retriesMax; tried += 1) {
      if (await this.parts.applier.retryHeld(this.producer)) continue;
      const ms = await msUntilRetry(this.parts.database, this.producer);
      this.retryAt = performance.now() + Math.min(ms ?? idleMs, idleMs);
      return false;
    }
    return true;
  }

  private tellCursor(): void {
    const now = performance.now();
    if (now - this.toldAt < tellMs || !this.parts.bus.connected) return;
    this.toldAt = now;
    this.parts.bus.connection.publish(
      subject.told(this.producer),
      JSON.stringify({ reader: this.parts.service, n: this.cursor }),
    );
  }
}
