import { randomUUID } from 'node:crypto';
import 'reflect-metadata';
import type { FillDriver, FillSession, SendResult } from '../src/clients/fill-driver.js';
import type { MarkedWrite, Sighting } from '../src/clients/marker-reader.js';
import { MarkerReader } from '../src/clients/marker-reader.js';
import type { PlaceFinder } from '../src/clients/place-finder.js';
import type { DriverSetting } from '../src/domain/driver-choice.js';
import { FillRequestedHandler } from '../src/handlers/fill-requested.handler.js';
import { PartEnding } from '../src/part-ending.js';
import { PartFiller } from '../src/part-filler.js';
import { PartLog } from '../src/part-log.js';
import { PartVisit } from '../src/part-visit.js';
import { FillRepository } from '../src/persistence/fill.repository.js';
import { sendLog } from '../src/persistence/migrations/0101-send-log.js';
import { canaries } from '../src/persistence/migrations/0105-canaries.js';
import { partNames } from '../src/persistence/migrations/0106-part-names.js';
import { PlaceRepository } from '../src/persistence/place.repository.js';
import { WriteRepository } from '../src/persistence/write.repository.js';
import { UnseenResolver } from '../src/unseen-resolver.js';
import { FillDeadlineWorker } from '../src/workers/fill-deadline.worker.js';
import { FillPlacesWorker } from '../src/workers/fill-places.worker.js';
import { BrowserPartWorker, HttpPartWorker } from '../src/workers/part-workers.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { TargetFilled, WritePayload } from '#libs/contracts/src/filler.js';
import type { FillTarget } from '#libs/contracts/src/submission.js';
import { Outbox } from '#libs/messaging/src/outbox.js';
import { WorkerRunner } from '#libs/messaging/src/worker-runner.js';
import { WORK_SETTINGS, type Worker, type WorkSettings } from '#libs/messaging/src/worker.js';
import { WorkQueue } from '#libs/messaging/src/work-queue.js';
import type { Database } from '#libs/platform/src/database.js';
import { quiet, type TestDatabase } from '#libs/testing/src/test-database.js';

export const acknowledged: SendResult = { outcome: 'acknowledged', status: 200, reason: null };
export const unknown: SendResult = { outcome: 'unknown', status: 503, reason: 'It answered 503.' };

type Send = (payload: WritePayload, appUrl: string) => Promise<SendResult> | SendResult;

/** A driver that remembers what it was told to send, and answers as the test says. */
export class FakeDriver implements FillDriver {
  readonly sent: { readonly url: string; readonly payload: WritePayload }[] = [];
  onOpen: (appUrl: string) => Promise<void> | void = () => undefined;
  onSend: Send = () => acknowledged;

  constructor(readonly name: 'browser' | 'http') {}

  async open(appUrl: string): Promise<FillSession> {
    await this.onOpen(appUrl);
    return {
      send: async (payload) => {
        this.sent.push({ url: appUrl, payload });
        return this.onSend(payload, appUrl);
      },
      close: async () => undefined,
    };
  }
}

export interface LoggedRow {
  readonly name: string;
  readonly kind: string;
  readonly state: string;
  readonly reason: string | null;
  readonly driver: string;
}

/** The workers of the filler on a real database, with drivers, DNS and readings that do what a test says. Nothing waits for a timer. */
export class PartsLab {
  readonly browser = new FakeDriver('browser');
  readonly http = new FakeDriver('http');
  look: (appUrl: string, write: MarkedWrite) => Sighting = () => 'absent';
  placesOf: (appUrl: string) => string[] = (appUrl) => [new URL(appUrl).host];
  private readonly queue = new WorkQueue();
  private readonly fills = new FillRepository();
  private readonly writes = new WriteRepository();
  private readonly places = new PlaceRepository();
  private readonly ending = new PartEnding(this.fills, this.writes, new Outbox('filler', () => undefined));
  private readonly log = new PartLog(this.fills, this.writes, this.places);
  private readonly runners: WorkerRunner[] = [];
  private fillsSoFar = 0;

  private constructor(
    readonly database: Database,
    private readonly setting: DriverSetting,
  ) {}

  static async open(server: TestDatabase, name: string, setting: DriverSetting = 'http'): Promise<PartsLab> {
    return new PartsLab(await server.open(name, [sendLog, canaries, partNames]), setting);
  }

  /** Plans a fill for these apps, and a baseline before them. */
  async request(names: readonly string[], ids: ReadonlyMap<string, string> = new Map()): Promise<string> {
    const target = (name: string): FillTarget => ({
      targetId: ids.get(name) ?? randomUUID(),
      role: name === 'baseline' || name === 'shadow' ? name : 'app',
      name,
      url: `http://${name}.example.org`,
    });
    const data = {
      ...{
        fillId: randomUUID(),
        number: (this.fillsSoFar += 1),
        seed: `seed ${this.fillsSoFar}`,
        mode: 'all' as const,
      },
      ...{ reason: 'staff' as const, by: 'test', iterations: 1, requestedAt: new Date().toISOString() },
      targets: ['baseline', ...names].map(target),
    };
    const handler = new FillRequestedHandler({ fillDriver: this.setting } as never, this.fills, this.queue);
    await this.database.transaction((tx) => handler.handle({ data } as never, tx));
    return data.fillId;
  }

  /** Starts an instance of the service's workers; returns how it is stopped. */
  start(): { stop(): Promise<void> } {
    const reader: Pick<MarkerReader, 'look'> = {
      look: async (appUrl, writes) => writes.map((write) => this.look(appUrl, write)),
    };
    const finder: Pick<PlaceFinder, 'placesOf'> = { placesOf: async (appUrl) => this.placesOf(appUrl) };
    const filler = new PartFiller(this.browser, this.http, { fillDriver: this.setting }, this.log);
    const visit = new PartVisit(filler, new UnseenResolver(reader as MarkerReader, this.log), this.log);
    const workers = [
      new FillPlacesWorker(this.places, finder as PlaceFinder, this.queue),
      new BrowserPartWorker(visit, this.log, this.ending),
      new HttpPartWorker(visit, this.log, this.ending),
      new FillDeadlineWorker(this.fills, this.ending, this.queue),
    ].map((worker) => this.run(worker as Worker<unknown>));
    return { stop: async () => void (await Promise.all(workers.map((worker) => worker.stop()))) };
  }

  async close(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.stop()));
  }

  rows(): Promise<LoggedRow[]> {
    return this.database.query<LoggedRow>(
      `select part.name, payload->>'kind' as kind, write_log.state, write_log.reason, write_log.driver
       from write_log join part using (fill_id, target_id) order by write_log.number, ordinal, index`,
    );
  }

  async statesOf(name: string): Promise<string[]> {
    return (await this.rows()).filter((row) => row.name === name).map(({ state }) => state);
  }

  /** What was said of each target, in the order in which it was said. */
  async said(): Promise<DataOf<typeof TargetFilled>[]> {
    const rows = await this.database.query<{ body: string }>(
      `select body::text as body from outbox where name = 'TargetFilled' order by position`,
    );
    return rows.map(({ body }) => JSON.parse(body) as DataOf<typeof TargetFilled>);
  }

  async saidOf(name: string): Promise<DataOf<typeof TargetFilled>[]> {
    return (await this.said()).filter(({ targetName }) => targetName === name);
  }

  work(): Promise<{ kind: string; attempts: number; note: string | null; leased: boolean }[]> {
    return this.database.query(
      `select kind, attempts, note, lease_until is not null as leased from work where kind <> 'fill-deadline'`,
    );
  }

  /** The deadline comes now; `longAgo`: with everything that a part under way gets beyond it. */
  async reachDeadline(longAgo: boolean): Promise<void> {
    await this.database.query(`update fill set ends_at = clock_timestamp() - $1 * interval '1 hour'`, [
      longAgo ? 1 : 0,
    ]);
    await this.database.query(`update work set due_at = clock_timestamp() where kind = 'fill-deadline'`);
  }

  /** As if the writes that were sent had been sent long ago. */
  async letTimePass(): Promise<void> {
    await this.database.query(`update write_log set sent_at = sent_at - interval '1 hour' where sent_at is not null`);
  }

  /** Whatever waits for its time is due at once, until it is so. */
  async until(isTrue: () => Promise<boolean> | boolean): Promise<void> {
    for (const end = performance.now() + 15_000; !(await isTrue());) {
      if (performance.now() > end)
        throw new Error(`not in time: ${JSON.stringify([await this.work(), await this.rows()])}`);
      await this.database.query(
        `update work set due_at = clock_timestamp() where kind <> 'fill-deadline' and lease_until is null and due_at > clock_timestamp()`,
      );
    }
  }

  untilClosed(): Promise<void> {
    return this.until(async () => {
      const open = await this.database.query('select 1 from fill where closed_at is null');
      return open.length === 0;
    });
  }

  private run(worker: Worker<unknown>): WorkerRunner {
    const settings = Reflect.getMetadata(WORK_SETTINGS, worker.constructor) as WorkSettings;
    const { database, queue } = this;
    const runner = new WorkerRunner(worker, settings, { service: 'filler', database, queue, logger: quiet });
    this.runners.push(runner);
    runner.start();
    return runner;
  }
}
