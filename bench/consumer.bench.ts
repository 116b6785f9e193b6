import { createHash } from 'node:crypto';
import { Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { boardEvents } from './board-events.js';
import { alternate, gate, median, report, spread } from './side-by-side.js';
import { schema } from '#apps/leaderboard/src/bootstrap.js';
import { LeaderboardModule } from '#apps/leaderboard/src/leaderboard.module.js';
import { Applier } from '#libs/messaging/src/applier.js';
import { Bus } from '#libs/messaging/src/bus.js';
import { SERVICE } from '#libs/messaging/src/service-tokens.js';
import { databaseOf } from '#libs/messaging/src/start-service.js';
import { OperationsController } from '#libs/messaging/src/operations.controller.js';
import { NatsStrategy, PassErrors, type BoundService } from '#libs/messaging/src/strategy.js';
import { Database } from '#libs/platform/src/database.js';
import { createHttpAdapter } from '#libs/platform/src/http-server.js';
import { installTelemetry } from '#libs/platform/src/telemetry/install.js';
import { configureTracing } from '#libs/platform/src/telemetry/providers.js';
import { quiet, TestDatabase } from '#libs/testing/src/test-database.js';

/**
 * The leaderboard's real handlers over a real Postgres that writes to disk, traced, as the service runs them: in batches of 500
 * against the same handlers with one transaction per event. Both end with the same board, row for row, every time.
 */
const pairs = 7;
const batchMax = 500;
const logs = boardEvents({ apps: 100, fills: 10 });
const eventCount = logs.reduce((count, events) => count + events.length, 0);
const definition = { ...schema, module: LeaderboardModule };

async function main(): Promise<void> {
  installTelemetry();
  configureTracing('leaderboard', {});
  const server = await TestDatabase.start({ fsync: true });
  try {
    const template = await server.postgres.ensureDatabase('board', { password: 'bench' });
    const prepared = await databaseOf(definition, template, quiet);
    await prepared.migrateUp();
    await prepared.close();
    let runs = 0;
    const measure = async (batch: number) => {
      const name = `board_${(runs += 1)}`;
      const result = await applyAll(await server.postgres.cloneDatabase(template, name), batch);
      await server.postgres.dropDatabase(name);
      return result;
    };
    const { ones, others } = await alternate(
      pairs,
      () => measure(batchMax),
      () => measure(1),
    );
    const boards = new Set([...ones, ...others].map(({ board }) => board));
    if (boards.size !== 1) throw new Error(`${boards.size} different boards came of the same events`);
    const fast = ones.map(({ eventsPerSecond }) => eventsPerSecond);
    const slow = others.map(({ eventsPerSecond }) => eventsPerSecond);
    report([
      gate(
        'consumer: 2,000 events/s through the leaderboard’s handlers',
        median(fast) / 2_000,
        1,
        `${spread(fast)} events/s`,
      ),
      gate(
        'consumer: of one transaction per event',
        median(fast) / median(slow),
        3,
        `${spread(fast)} against ${spread(slow)} events/s`,
      ),
    ]);
  } finally {
    await server.stop();
  }
}

interface Result {
  readonly eventsPerSecond: number;
  readonly board: string;
}

async function applyAll(url: string, batch: number): Promise<Result> {
  const database = await databaseOf(definition, url, quiet);
  const { app, bound } = await bind(database);
  try {
    const applier = new Applier({ service: 'leaderboard', database, handlers: bound.events, logger: quiet });
    const began = performance.now();
    for (const events of logs)
      for (let from = 0; from < events.length; from += batch)
        await applier.apply(events[0]!.producer, events.slice(from, from + batch));
    const seconds = (performance.now() - began) / 1_000;
    return { eventsPerSecond: eventCount / seconds, board: await boardOf(database) };
  } finally {
    await app.close();
    await database.close();
  }
}

/** The leaderboard's module, bound as in the service, without a broker. */
async function bind(database: Database): Promise<{ app: INestApplication; bound: BoundService }> {
  const providers = [
    { provide: SERVICE, useValue: 'leaderboard' },
    { provide: Database, useValue: database },
    { provide: Bus, useValue: { connected: false } },
  ];
  @Module({})
  class Host {}
  let bound: BoundService | undefined;
  const app = await NestFactory.create(
    {
      module: Host,
      global: true,
      imports: [LeaderboardModule],
      controllers: [OperationsController],
      providers,
      exports: providers.map(({ provide }) => provide),
    },
    createHttpAdapter(),
    { logger: false, abortOnError: false },
  );
  const strategy = new NatsStrategy('leaderboard', (service) => (bound = service));
  app.connectMicroservice({ strategy }, { deferInitialization: true }).useGlobalFilters(new PassErrors());
  await app.startAllMicroservices();
  return { app, bound: bound! };
}

/** Everything that the events decide; revisions count transactions, so they differ. */
async function boardOf(database: Database): Promise<string> {
  const tables = [
    `select to_jsonb(standing) - 'revision' as row from standing order by app_id`,
    `select to_jsonb(fill_progress) - 'revision' as row from fill_progress order by number`,
    `select to_jsonb(verdict_history) - 'known_at' as row from verdict_history order by app_id, computed_at`,
    'select jsonb_build_array(at, level, app_id, text, trace_id) as row from log_line order by line',
    'select jsonb_build_array(log, n, event_id) as row from applied order by log, n',
  ];
  const rows = [];
  for (const sql of tables) rows.push(await database.query(sql));
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}

await main();
