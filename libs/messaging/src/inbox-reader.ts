import type { Applier } from './applier.js';
import type { Bus } from './bus.js';
import { msUntilRetry } from './held-events.js';
import { JetStreamRoad } from './jetstream-road.js';
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
import { isBehind } from '#libs/replication/src/pure/admission.js';

/** A batch is what has arrived; nothing lingers for more. */
const batchMax = 500;
/** Rows that are announced or overtaken get this long to arrive by themselves before the producer is asked. */
const graceMs = 150;
/** Retries of one turn, so that new events never wait for a long row of old ones. */
const retriesMax = 50;
const idleMs = 500;
const tellMs = 2_000;
const repaveMs = 5_000;

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
  private highWater = 0;
  private cursor = 0;
  /** Until then what is missing may still arrive by itself. */
  private patientUntil = 0;
  private toldAt = 0;
  private retryAt = 0;
  private repavedAt = 0;

  constructor(
    private readonly producer: ServiceName,
    private readonly parts: ReaderParts,
  ) {}

  start(): void {
    this.running = asService(this.parts.service, () => this.run());
  }

  /** Ends after the batch under way has committed. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.bell.ring();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const lock = await this.parts.locks.acquire(`inbox:${this.producer}`, signal);
      if (!lock) return;
      try {
        await this.readWhile(lock, signal);
      } catch (error) {
        this.parts.logger.warn({ err: error, producer: this.producer }, 'reader starts again');
        await pause(500, signal);
      } finally {
        await lock.release().catch((error: unknown) => this.parts.logger.debug({ err: error }, 'lock was gone'));
      }
    }
  }

  private async readWhile(lock: Lock, stop: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const end = () => (ended.abort(), this.bell.ring());
    stop.addEventListener('abort', end);
    void lock.lost.then(end);
    const { bus, database, service, logger } = this.parts;
    const stopHearing = bus.listen(subject.highWater(this.producer), (message) => this.hear(Number(message.string())));
    const road = new JetStreamRoad({
      ...{ bus, reader: service, producer: this.producer, logger },
      room: () => this.shelf.room(),
      take: (arrival) => this.take(arrival),
    });
    const travelling = road.run(ended.signal);
    try {
      this.shelf.clear();
      this.bePatient();
      this.cursor = await readCursor(database, this.producer);
      while (!ended.signal.aborted) await this.turn(road, ended.signal);
    } finally {
      stop.removeEventListener('abort', end);
      ended.abort();
      this.shelf.clear();
      await Promise.all([stopHearing(), travelling]);
    }
  }

  private take(arrival: Arrival): void {
    this.shelf.put([arrival]);
    this.bell.ring();
  }

  private hear(n: number): void {
    if (!(n > this.highWater)) return;
    if (this.highWater <= this.cursor) this.bePatient();
    this.highWater = n;
    this.bell.ring();
  }

  private async turn(road: JetStreamRoad, signal: AbortSignal): Promise<void> {
    const { ready, stale } = this.shelf.take(this.cursor, batchMax);
    for (const arrival of stale) arrival.ack();
    let more = ready.length > 0;
    try {
      if (ready.length > 0) await this.applyReady(ready);
      more = (await this.retryDue()) || more;
      this.tellCursor();
    } catch (error) {
      this.shelf.put(ready);
      this.parts.logger.warn({ err: error, producer: this.producer }, 'not applied; the same events are tried again');
      await pause(500, signal);
      return this.readCursorAgain();
    }
    if (more) return;
    if (!isBehind(this.cursor, this.shelf.waiting, this.highWater)) return this.bell.wait(idleMs);
    if (performance.now() < this.patientUntil) return this.bell.wait(graceMs);
    await this.fetchMissing(road, signal);
  }

  private bePatient(): void {
    this.patientUntil = performance.now() + graceMs;
  }

  /** The cursor in the database is the one that counts. */
  private async readCursorAgain(): Promise<void> {
    try {
      this.cursor = await readCursor(this.parts.database, this.producer);
    } catch (error) {
      this.parts.logger.debug({ err: error }, 'cursor not readable yet');
    }
  }

  private async applyReady(ready: readonly Arrival[]): Promise<void> {
    await passing('inbox:received');
    this.cursor = await this.parts.applier.apply(this.producer, ready);
    if (ready.at(-1)!.replayed) this.patientUntil = 0;
    else this.bePatient();
    for (const arrival of ready) arrival.ack();
  }

  /** The stream has a hole, or has lost its end: the producer's log has everything. */
  private async fetchMissing(road: JetStreamRoad, signal: AbortSignal): Promise<void> {
    const { bus, logger } = this.parts;
    try {
      const { events, pruned } = await askReplay(bus, this.producer, this.cursor);
      logger.info({ producer: this.producer, after: this.cursor, events: events.length }, 'replayed from the log');
      if (pruned > this.cursor) await this.beginAfter(pruned);
      this.shelf.put(events.map((event) => ({ ...event, replayed: true, ack: () => {} })));
      if (events.length === 0) this.highWater = this.cursor;
      else this.repave(road);
      this.bePatient();
    } catch (error) {
      logger.debug({ err: error, producer: this.producer }, 'producer does not answer; its log is asked again');
      await pause(500, signal);
    }
  }

  /** What was missing may mean that the durable or the stream is not what we think; looked at, but not at every lost message. */
  private repave(road: JetStreamRoad): void {
    if (performance.now() - this.repavedAt < repaveMs) return;
    this.repavedAt = performance.now();
    road.restart();
  }

  /** Only a reader that the catalogue gained later can be behind what was deleted: rows are kept until all others have told. */
  private async beginAfter(pruned: number): Promise<void> {
    this.parts.logger.warn(
      { producer: this.producer, after: pruned },
      'a new reader begins after rows that are no longer kept',
    );
    await this.parts.database.query(
      'insert into cursor (log, n) values ($1, $2) on conflict (log) do update set n = greatest(cursor.n, excluded.n)',
      [this.producer, pruned],
    );
    this.cursor = await readCursor(this.parts.database, this.producer);
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
