import { Module, type DynamicModule, type INestApplication, type Provider, type Type } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, NestFactory, Reflector } from '@nestjs/core';
import type { NestMicroservice } from '@nestjs/microservices';
import { Bus } from './bus.js';
import { messagingMigrations } from './migrations.js';
import { OperationsController } from './operations.controller.js';
import { Outbox } from './outbox.js';
import { Requests } from './requests.js';
import { Runtime, type BoundWorker } from './runtime.js';
import { SERVICE } from './service-tokens.js';
import { NatsStrategy, PassErrors, type BoundService } from './strategy.js';
import { subject } from './subjects.js';
import { WORK_SETTINGS, type Worker, type WorkSettings } from './worker.js';
import { WorkQueue } from './work-queue.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import { Closing, everyStep } from '#libs/platform/src/closing.js';
import { Database, type DatabaseSettings } from '#libs/platform/src/database.js';
import { HealthController } from '#libs/platform/src/health.controller.js';
import { Health } from '#libs/platform/src/health.js';
import { createHttpAdapter, prepareHttp, type HttpSettings } from '#libs/platform/src/http-server.js';
import { createLogger, LOGGER, NestLogger, type Logger, type LogLevel } from '#libs/platform/src/logger.js';
import type { SqlMigration } from '#libs/platform/src/sql-migration.js';
import { patiently } from '#libs/platform/src/patiently.js';
import { installTelemetry } from '#libs/platform/src/telemetry/install.js';
import { Metrics } from '#libs/platform/src/telemetry/metrics.js';
import { configureTracing, shutdownTracing } from '#libs/platform/src/telemetry/providers.js';
import { SpanRecordExporter, type SpanRecord } from '#libs/platform/src/telemetry/span-record.js';

/** What makes a service this service: everything else is the same everywhere. */
export interface ServiceDefinition {
  readonly name: ServiceName;
  readonly module: Type | DynamicModule;
  readonly entities: DatabaseSettings['entities'];
  readonly migrations: readonly SqlMigration[];
  /** What the HTTP server needs besides its controllers, before it listens. */
  readonly prepare?: (app: INestApplication) => Promise<void>;
}

/** What every service is told from outside. */
export interface ServiceSettings {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly http: HttpSettings;
  readonly logLevel: LogLevel;
  readonly logFile?: string | undefined;
  readonly otlpEndpoint?: string | undefined;
  readonly retryDelaysMs?: readonly number[] | undefined;
}

/** Connections of the pool of one service. */
export const poolMax = 8;
const spansPerMessageMax = 200;

/**
 * Boots one service: database (migrated under a lock), bus, Nest with its handlers checked against the catalogue, HTTP for
 * health and metrics, then relay, readers, answers and workers. `close()` on what it returns undoes all of it in order.
 */
export async function startService(
  definition: ServiceDefinition,
  settings: ServiceSettings,
): Promise<INestApplication> {
  installTelemetry();
  const { name } = definition;
  const logger = createLogger(name, settings.logLevel, settings.logFile);
  const { database, bus } = await connectBoth(definition, settings, logger);
  const exporter = new SpanRecordExporter(name, (records) => publishSpans(bus, records));
  configureTracing(name, { otlpEndpoint: settings.otlpEndpoint, exporters: [exporter] });
  const runtime = new Runtime(
    { service: name, natsUrl: settings.natsUrl, logger, retryDelaysMs: settings.retryDelaysMs },
    database,
    bus,
  );
  const closing = new Closing();
  const close = () =>
    everyStep([
      () => runtime.stop(),
      () => closing.run(),
      () => shutdownTracing(name),
      () => runtime.metrics.close(),
      () => bus.close(),
      () => database.close(),
    ]);
  try {
    return await startNest(definition, settings, { runtime, logger, closing, close });
  } catch (error) {
    await close();
    throw error;
  }
}

/** The service's database with all its migrations known: for `startService`, and for `lockstep db`. */
export const databaseOf = (definition: ServiceDefinition, url: string, logger: Logger): Promise<Database> =>
  Database.open({
    url,
    service: definition.name,
    entities: definition.entities,
    migrations: [...messagingMigrations, ...definition.migrations],
    poolMax,
    logger,
  });

/** What is not there yet is waited for: after the restart of a machine the order is anybody's guess. */
async function connectBoth({ name, ...rest }: ServiceDefinition, settings: ServiceSettings, logger: Logger) {
  const database = await databaseOf({ name, ...rest }, settings.databaseUrl, logger);
  try {
    const steps = await patiently('the database', logger, () => database.migrateUp());
    if (steps.length > 0) logger.info({ steps }, 'schema migrated');
    const bus = await patiently('the broker', logger, () =>
      Bus.connect({ service: name, url: settings.natsUrl, logger }),
    );
    return { database, bus };
  } catch (error) {
    await database.close();
    throw error;
  }
}

interface Booting {
  readonly runtime: Runtime;
  readonly logger: Logger;
  readonly closing: Closing;
  readonly close: () => Promise<void>;
}

async function startNest(
  definition: ServiceDefinition,
  settings: ServiceSettings,
  booting: Booting,
): Promise<INestApplication> {
  const { runtime, logger } = booting;
  let bound: BoundService | undefined;
  const strategy = new NatsStrategy(definition.name, (service) => (bound = service));
  const app = await NestFactory.create(hostModule(definition, booting), createHttpAdapter(), {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  prepareHttp(app, definition.name, logger);
  await definition.prepare?.(app);
  const microservice = app.connectMicroservice({ strategy }, { deferInitialization: true }) as NestMicroservice;
  microservice.useGlobalFilters(new PassErrors());
  microservice.setIsInitHookCalled(true); // `app.listen` calls the hooks; without this they would be called here too
  await app.startAllMicroservices();
  await app.listen(settings.http.port, settings.http.host);
  runtime.start(bound!, workersOf(app));
  logger.debug({ url: await app.getUrl() }, 'listening');
  return app;
}

function hostModule(definition: ServiceDefinition, { runtime, logger, closing, close }: Booting): DynamicModule {
  const providers: Provider[] = [
    { provide: SERVICE, useValue: definition.name },
    { provide: LOGGER, useValue: logger },
    { provide: Database, useValue: runtime.database },
    { provide: Bus, useValue: runtime.bus },
    { provide: Outbox, useValue: runtime.outbox },
    { provide: WorkQueue, useValue: runtime.queue },
    { provide: Requests, useValue: runtime.requests },
    { provide: Health, useValue: runtime.health },
    { provide: Metrics, useValue: runtime.metrics },
    { provide: Closing, useValue: closing },
  ];
  /** Readiness goes first; the HTTP server ends what is under way; then the runtime. */
  @Module({})
  class Host {
    beforeApplicationShutdown() {
      runtime.health.stop();
    }
    onApplicationShutdown() {
      return close();
    }
  }
  return {
    module: Host,
    global: true,
    imports: [DiscoveryModule, definition.module],
    controllers: [OperationsController, HealthController],
    providers,
    exports: providers.map((provider) => (provider as { provide: symbol | Type }).provide),
  };
}

/** Every provider marked `@Works`. */
function workersOf(app: INestApplication): BoundWorker[] {
  const reflector = app.get(Reflector);
  return app
    .get(DiscoveryService)
    .getProviders()
    .flatMap(({ instance, metatype }) => {
      const settings =
        typeof metatype === 'function' ? reflector.get<WorkSettings | undefined>(WORK_SETTINGS, metatype) : undefined;
      return settings && instance ? [{ worker: instance as Worker<unknown>, settings }] : [];
    });
}

function publishSpans(bus: Bus, records: SpanRecord[]): void {
  if (!bus.connected) return;
  for (let from = 0; from < records.length; from += spansPerMessageMax) {
    bus.connection.publish(subject.spans, JSON.stringify(records.slice(from, from + spansPerMessageMax)));
  }
}
