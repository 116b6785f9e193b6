import type { Msg } from '@nats-io/transport-node';
import { Answering } from './answering.js';
import { Applier } from './applier.js';
import { Bus } from './bus.js';
import { observeBus } from './bus-metrics.js';
import { InboxReader } from './inbox-reader.js';
import { Outbox } from './outbox.js';
import { Relay } from './relay.js';
import { answerReplays } from './replay.js';
import { Requests } from './requests.js';
import type { BoundService } from './strategy.js';
import { subject } from './subjects.js';
import type { Worker, WorkSettings } from './worker.js';
import { WorkerRunner } from './worker-runner.js';
import { WorkQueue } from './work-queue.js';
import { producersFor, type ServiceName } from '#libs/contracts/src/catalogue.js';
import { Database } from '#libs/platform/src/database.js';
import { allAtOnce, everyStep } from '#libs/platform/src/closing.js';
import { Health } from '#libs/platform/src/health.js';
import type { Logger } from '#libs/platform/src/logger.js';
import { Metrics } from '#libs/platform/src/telemetry/metrics.js';
import { LockKeeper } from '#libs/replication/src/lock-keeper.js';
import { noteReader } from '#libs/replication/src/numbered-log.js';

export interface RuntimeSettings {
  readonly service: ServiceName;
  readonly natsUrl: string;
  readonly logger: Logger;
  /** Delays between attempts of an event that fails; tests shorten them. */
  readonly retryDelaysMs?: readonly number[] | undefined;
}

export interface BoundWorker {
  readonly worker: Worker<unknown>;
  readonly settings: WorkSettings;
}

/**
 * The moving parts of one service: its log's relay, its readers, its answers, its workers. Started in the order in which
 * they need each other, stopped in the reverse: nothing new first, then what is under way, then the connections.
 */
export class Runtime {
  readonly health: Health;
  readonly metrics: Metrics;
  readonly queue = new WorkQueue();
  readonly outbox: Outbox;
  readonly requests: Requests;
  private readonly locks: LockKeeper;
  private readonly relay: Relay;
  private readonly answering: Answering;
  private readers: InboxReader[] = [];
  private runners: WorkerRunner[] = [];
  private readonly endings: (() => Promise<void>)[] = [];

  constructor(
    private readonly settings: RuntimeSettings,
    readonly database: Database,
    readonly bus: Bus,
  ) {
    const { service, logger } = settings;
    this.health = new Health(logger);
    this.metrics = new Metrics(service);
    observeBus(this.metrics, database);
    this.locks = new LockKeeper(database, logger);
    this.relay = new Relay({ service, bus, locks: this.locks, logger });
    this.outbox = new Outbox(service, this.relay.wake);
    this.requests = new Requests(bus);
    this.answering = new Answering(service, bus, database, logger);
    this.health.add('database', async () => void (await database.query('select 1')));
    this.health.add('broker', async () => {
      if (!bus.connected) throw new Error('not connected');
    });
    this.health.diesWhen(() => bus.isDead);
  }

  start(bound: BoundService, workers: readonly BoundWorker[]): void {
    const { service, logger, retryDelaysMs } = this.settings;
    const applier = new Applier({ service, database: this.database, handlers: bound.events, logger, retryDelaysMs });
    const parts = { service, bus: this.bus, database: this.database, locks: this.locks, applier, logger };
    this.endings.push(answerReplays(service, this.bus, this.database), this.hearReaders());
    this.relay.start();
    this.readers = producersFor(service).map((producer) => new InboxReader(producer, parts));
    for (const reader of this.readers) reader.start();
    this.health.add('logs', async () => {
      const problem = this.readers.find((reader) => reader.problem)?.problem;
      if (problem) throw new Error(problem);
    });
    this.answering.start(bound.requests);
    const runnerParts = { service, database: this.database, queue: this.queue, logger };
    this.runners = workers.map(({ worker, settings }) => new WorkerRunner(worker, settings, runnerParts));
    for (const runner of this.runners) runner.start();
    this.health.start();
  }

  /** Each step waits for what is under way; one that fails does not spare the others. Safe to call when `start` never was. */
  stop(): Promise<void> {
    this.health.stop();
    return everyStep([
      () => allAtOnce(this.runners.map((runner) => () => runner.stop())),
      () => this.answering.stop(),
      () => allAtOnce(this.readers.map((reader) => () => reader.stop())),
      () => this.relay.stop(),
      () => allAtOnce(this.endings),
      () => this.locks.close(),
    ]);
  }

  /** Cursors that readers tell bound what may be deleted from our log. */
  private hearReaders(): () => Promise<void> {
    const { service } = this.settings;
    const note = (message: Msg) => {
      const { reader, n } = message.json<{ reader: string; n: number }>();
      return noteReader(this.database, reader, n);
    };
    return this.bus.listen(subject.told(service), note, service);
  }
}
