import { SpanKind, trace, type Span } from '@opentelemetry/api';
import type { Bus } from './bus.js';
import { toHeaders } from './envelope.js';
import { RelayProgress, type RelayTimes } from './relay-progress.js';
import { streamOf, subject } from './subjects.js';
import { Wake } from './wake.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import { passing } from '#libs/platform/src/failpoint.js';
import type { Logger } from '#libs/platform/src/logger.js';
import { attribute, spanName } from '#libs/platform/src/telemetry/names.js';
import { asService } from '#libs/platform/src/telemetry/providers.js';
import { contextOf, traceparentOf } from '#libs/platform/src/telemetry/spans.js';
import { pause, type Lock, type LockKeeper } from '#libs/replication/src/lock-keeper.js';
import { head, number, read, type LogRow } from '#libs/replication/src/numbered-log.js';

export interface RelayParts {
  readonly service: ServiceName;
  readonly bus: Bus;
  readonly locks: LockKeeper;
  readonly logger: Logger;
}
const defaultTimes: RelayTimes = { idleMs: 250, announceMs: 500, sweepMs: 60_000 };
/** Publishes without an acknowledgement at once. */
const window = 256;
const batchMax = 500;
const tellOfFailureMs = 30_000;

/** A stream is a fast road, not an archive: what it drops is replayed from the log. */
const streamLimits = { max_bytes: 256 * 1024 * 1024, max_age: 24 * 3_600 * 1e9, duplicate_window: 120 * 1e9 };

/**
 * Numbers the service's log and publishes it in that order, in one process at a time.
 *
 * Guaranteed: what is committed is numbered, published and announced, however often broker, Postgres or this process restart.
 * Not guaranteed, and not needed: that the stream holds every number once and in order. Readers see to that.
 */
export class Relay {
  private readonly wakeUp = new Wake();
  private stopping = new AbortController();
  private running: Promise<void> | undefined;
  private inFlight = 0;
  private failed: unknown;

  private readonly service: ServiceName;
  private readonly bus: Bus;
  private readonly locks: LockKeeper;
  private readonly logger: Logger;

  constructor(
    parts: RelayParts,
    private readonly times: RelayTimes = defaultTimes,
  ) {
    ({ service: this.service, bus: this.bus, locks: this.locks, logger: this.logger } = parts);
  }

  start(): void {
    const stopHearing = this.bus.listen(subject.wake(this.service), () => this.wakeUp.ring());
    this.stopping.signal.addEventListener('abort', () => void stopHearing());
    this.running = asService(this.service, () => this.run());
  }

  /** Something was committed here: number it now; and if another instance leads, tell it. */
  readonly wake = (): void => {
    this.wakeUp.ring();
    if (!this.leading && this.bus.connected) this.bus.connection.publish(subject.wake(this.service));
  };
  private leading = false;

  /** Ends after the window in flight is acknowledged or has failed. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wakeUp.ring();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const lock = await this.locks.acquire('outbox', signal);
      if (!lock) return;
      try {
        this.leading = true;
        await this.lead(lock, signal);
      } catch (error) {
        this.logger.warn({ err: error }, 'relay starts again');
        await pause(200, signal);
      } finally {
        this.leading = false;
        await lock.release().catch((error: unknown) => this.logger.debug({ err: error }, 'lock was gone'));
      }
    }
  }

  private async lead(lock: Lock, signal: AbortSignal): Promise<void> {
    let lost = false;
    void lock.lost.then(() => ((lost = true), this.wakeUp.ring()));
    const { bus, service, logger, times } = this;
    const progress = new RelayProgress(await head(lock.connection), { lock, bus, service, logger, times });
    try {
      await this.paveStream();
      while (!signal.aborted && !lost) {
        const rows = await this.next(lock, progress);
        if (rows.length > 0) await this.publish(rows, progress, signal);
        await progress.tell(rows.length === 0);
        if (this.failed !== undefined) await this.recover(progress, signal);
        else if (rows.length === 0) await this.wakeUp.wait(this.times.idleMs);
      }
      await this.windowEmpty();
      await progress.tell(true);
    } finally {
      await this.windowEmpty();
    }
  }

  /** Rows to publish: those just numbered when they follow on directly, else what the log has after the last one sent. */
  private async next(lock: Lock, progress: RelayProgress): Promise<LogRow[]> {
    const numbered = await number(lock.connection, batchMax);
    const last = numbered.at(-1);
    if (last) {
      progress.numbered = last.n;
      await passing('log:numbered');
    }
    if (numbered[0]?.n === progress.sent + 1) return numbered;
    return progress.numbered > progress.sent ? read(lock.connection, progress.sent, batchMax) : [];
  }

  private async publish(rows: readonly LogRow[], progress: RelayProgress, signal: AbortSignal): Promise<void> {
    for (const row of rows) {
      while (this.inFlight >= window && this.failed === undefined) await this.wakeUp.wait(50);
      if (this.failed !== undefined || signal.aborted) return;
      progress.sent = row.n;
      this.inFlight += 1;
      void this.publishOne(row, progress);
    }
  }

  private async publishOne(row: LogRow, progress: RelayProgress): Promise<void> {
    const span = this.startSpan(row);
    try {
      const name = subject.event(this.service, row.name);
      const sent = span ? { ...row, traceparent: traceparentOf(span) } : row;
      await this.bus.js.publish(name, row.body, {
        headers: toHeaders(sent, this.service, progress.logId),
        timeout: 3_000,
      });
      progress.acknowledge(row.n);
      await passing('relay:published');
    } catch (error) {
      this.failed ??= error;
    } finally {
      span?.end();
      this.inFlight -= 1;
      this.wakeUp.ring();
    }
  }

  /** In the writer's context, restored: the event belongs to the trace that caused it. Untraced events make no spans. */
  private startSpan(row: LogRow): Span | undefined {
    if (!row.traceparent) return undefined;
    const attributes = {
      [attribute.messagingSystem]: 'nats',
      [attribute.destination]: subject.event(this.service, row.name),
      [attribute.operation]: 'publish',
      [attribute.operationType]: 'send',
      [attribute.messageId]: row.id,
      [attribute.logNumber]: row.n,
    };
    return trace
      .getTracer('lockstep')
      .startSpan(spanName.publish(row.name), { kind: SpanKind.PRODUCER, attributes }, contextOf(row.traceparent));
  }

  /** The broker refused or went away: let the window settle, see that the stream is there, go on after the last acknowledged row. */
  private async recover(progress: RelayProgress, signal: AbortSignal): Promise<void> {
    this.tellOfFailure(progress);
    await this.windowEmpty();
    this.failed = undefined;
    progress.rewind();
    await pause(200, signal);
    await this.paveStream();
  }

  /** Not at every attempt: a broker may be away for hours. */
  private tellOfFailure({ sent, acknowledged }: RelayProgress): void {
    const now = performance.now();
    if (now - this.toldOfFailureAt < tellOfFailureMs) return;
    this.toldOfFailureAt = now;
    this.logger.warn({ err: this.failed, sent, acknowledged }, 'publishing interrupted; readers ask for the rows');
  }
  private toldOfFailureAt = -Infinity;

  private async windowEmpty(): Promise<void> {
    while (this.inFlight > 0) await this.wakeUp.wait(50);
  }

  /** Without a stream rows are numbered and announced all the same: readers ask for them. */
  private async paveStream(): Promise<void> {
    try {
      await this.ensureStream();
    } catch (error) {
      this.failed = error;
    }
  }

  private async ensureStream(): Promise<void> {
    const { streams } = await this.bus.manager();
    const name = streamOf(this.service);
    try {
      await streams.info(name);
    } catch (error) {
      if (!/not found/i.test(String(error))) throw error;
      await streams.add({ name, subjects: [subject.event(this.service, '>')], ...streamLimits });
    }
  }
}
