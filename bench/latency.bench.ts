import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { alternate, gate, median, report, spread } from './side-by-side.js';
import { AppSubmitted } from '#libs/contracts/src/submission.js';
import { Bus } from '#libs/messaging/src/bus.js';
import { messagingMigrations } from '#libs/messaging/src/migrations.js';
import { Outbox } from '#libs/messaging/src/outbox.js';
import { Relay } from '#libs/messaging/src/relay.js';
import { uuidv7 } from '#libs/messaging/src/uuid.js';
import { Database } from '#libs/platform/src/database.js';
import { LockKeeper } from '#libs/replication/src/lock-keeper.js';
import { Lab } from '#libs/testing/src/lab.js';
import { quiet } from '#libs/testing/src/test-database.js';

/**
 * From an event's insertion in one service to the commit of its effect in another, at 500 events/s in an open loop: the real outbox
 * and relay here, the real leaderboard in a process of its own, Postgres writing to disk. In turns with the same without any
 * guarantee: commit, publish on core NATS, commit. Times are the database server's own; both ends count every event.
 */
const pairs = 7;
const perSecond = 500;
const seconds = 6;
const warmUp = perSecond;
const total = perSecond * seconds;
const wanted = { p50: 10, p99: 60 };
const appIds = Array.from({ length: 500 }, () => uuidv7());

async function main(): Promise<void> {
  const lab = await Lab.start({ fsync: true });
  const admin = new pg.Client({ connectionString: lab.postgres.url });
  await admin.connect();
  await admin.query('alter system set track_commit_timestamp = on');
  await admin.end();
  await lab.postgres.restart();
  await lab.spawn('leaderboard');
  const producer = await Producer.start(lab);
  const naive = await Naive.start(lab);
  try {
    const { ones, others } = await alternate(
      pairs,
      () => producer.run(),
      () => naive.run(),
    );
    const at = (runs: readonly number[][], share: number) => runs.map((one) => percentile(one, share));
    const line = (share: number) => `${spread(at(ones, share), 1)} ms; without guarantees ${spread(at(others, share), 1)} ms`; // prettier-ignore
    report([
      gate('latency p50 at 500 events/s: 10 ms over measured', wanted.p50 / median(at(ones, 0.5)), 1, line(0.5)),
      gate('latency p99 at 500 events/s: 60 ms over measured', wanted.p99 / median(at(ones, 0.99)), 1, line(0.99)),
    ]);
  } finally {
    await producer.stop();
    await naive.stop();
    await lab.stop();
  }
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!;

/** Calls `send` at its appointed times, whatever earlier calls take; resolves when all have. */
async function openLoop(send: (index: number) => Promise<void>): Promise<void> {
  const under = new Set<Promise<void>>();
  const began = performance.now();
  for (let index = 0; index < total; index += 1) {
    const dueIn = began + (index * 1_000) / perSecond - performance.now();
    if (dueIn > 1) await sleep(dueIn);
    const one = send(index).finally(() => under.delete(one));
    under.add(one);
  }
  await Promise.all(under);
}

/** The submission service's half of the bus, without its HTTP and its rules. */
class Producer {
  private constructor(
    private readonly lab: Lab,
    private readonly database: Database,
    private readonly bus: Bus,
    private readonly locks: LockKeeper,
    private readonly relay: Relay,
  ) {}

  static async start(lab: Lab): Promise<Producer> {
    const service = 'submission';
    const database = await Database.open({
      ...{ url: lab.plan.submission['DATABASE_URL']!, service, entities: [], poolMax: 8, logger: quiet },
      migrations: messagingMigrations,
    });
    await database.migrateUp();
    const bus = await Bus.connect({ service, url: lab.plan.submission['NATS_URL']!, logger: quiet });
    const locks = new LockKeeper(database, quiet);
    const relay = new Relay({ service, bus, locks, logger: quiet });
    relay.start();
    return new Producer(lab, database, bus, locks, relay);
  }

  /** Milliseconds of each event after the warm-up. */
  async run(): Promise<number[]> {
    const outbox = new Outbox('submission', this.relay.wake);
    const [before] = await this.database.query<{ n: number }>('select n::float8 as n from outbox_head');
    await openLoop((index) =>
      this.database.transaction(async (tx) => {
        const appId = appIds[index % appIds.length]!;
        const data = { appId, name: `App ${index}`, team: null, url: 'https://app.example.org' };
        outbox.send(tx, AppSubmitted, { ...data, joinedAt: tx.now.toISOString() });
      }),
    );
    const from = before!.n + warmUp;
    await this.lab.settle({ services: ['leaderboard'] });
    const sent = await this.database.query<{ id: string; at: number }>(
      'select id, extract(epoch from appended_at)::float8 * 1000 as at from outbox where n > $1',
      [from],
    );
    const done = await this.allApplied(from, sent.length);
    return sent.map(({ id, at }) => done.get(id)! - at);
  }

  async stop(): Promise<void> {
    await this.relay.stop();
    await this.locks.close();
    await this.bus.close();
    await this.database.close();
  }

  private async allApplied(from: number, count: number): Promise<Map<string, number>> {
    const end = performance.now() + 10_000;
    for (;;) {
      const rows = await this.lab.query<{ id: string; at: number }>(
        'leaderboard',
        `select event_id as id, extract(epoch from pg_xact_commit_timestamp(xmin))::float8 * 1000 as at
         from applied where log = 'submission' and n > $1`,
        [from],
      );
      if (rows.length === count) return new Map(rows.map(({ id, at }) => [id, at]));
      if (performance.now() > end) throw new Error(`${rows.length} of ${count} events took effect`);
      await sleep(50);
    }
  }
}

/** Commit, publish, commit: what loses events at every crash, as a measure of the machine. */
class Naive {
  private constructor(
    private readonly databases: readonly [Database, Database],
    private readonly bus: Bus,
  ) {}

  static async start(lab: Lab): Promise<Naive> {
    const open = async (name: string) => {
      const url = await lab.postgres.ensureDatabase(name, { password: 'bench' });
      const database = await Database.open({ url, service: name, entities: [], migrations: [], poolMax: 8, logger: quiet }); // prettier-ignore
      await database.query(`create table told (id uuid, at timestamptz default clock_timestamp(), body text)`);
      return database;
    };
    const bus = await Bus.connect({ service: 'naive', url: operatorUrl(lab), logger: quiet });
    return new Naive([await open('naive_one'), await open('naive_two')], bus);
  }

  async run(): Promise<number[]> {
    const [one, other] = this.databases;
    const insert = 'insert into told (id, body) values ($1, $2)';
    let arrived = 0;
    const stop = this.bus.listen('naive', async (message) => {
      const id = message.string();
      await other.transaction((tx) => tx.query(insert, [id, 'effect']));
      arrived += 1;
    });
    for (const database of this.databases) await database.query('truncate told');
    await openLoop(async () => {
      const id = uuidv7();
      await one.transaction((tx) => tx.query(insert, [id, 'x'.repeat(200)]));
      this.bus.connection.publish('naive', id);
    });
    while (arrived < total) await sleep(20);
    await stop();
    const sent = await one.query<{ id: string; at: number }>(
      'select id, extract(epoch from at)::float8 * 1000 as at from told order by at offset $1',
      [warmUp],
    );
    const effects = await other.query<{ id: string; at: number }>(
      'select id, extract(epoch from pg_xact_commit_timestamp(xmin))::float8 * 1000 as at from told',
    );
    const done = new Map(effects.map(({ id, at }) => [id, at]));
    return sent.map(({ id, at }) => done.get(id)! - at);
  }

  async stop(): Promise<void> {
    await this.bus.close();
    for (const database of this.databases) await database.close();
  }
}

const operatorUrl = (lab: Lab): string => lab.nats.url.replace('nats://', 'nats://operator:operator@');

await main();
