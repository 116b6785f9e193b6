import type { Lab } from './lab.js';
import { quiet } from './test-database.js';
import { operationsOfEveryService, requestsTo, type ServiceName } from '#libs/contracts/src/catalogue.js';
import type { EventContract, InputOf } from '#libs/contracts/src/contract.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { Bus } from '#libs/messaging/src/bus.js';
import { Runtime } from '#libs/messaging/src/runtime.js';
import { databaseOf } from '#libs/messaging/src/start-service.js';
import type { Database } from '#libs/platform/src/database.js';

/**
 * A producer's log without its service: what a test says in its name is committed, numbered and published as the service would do
 * it. It answers no request and does nothing with what it hears.
 */
export class StandIn {
  private constructor(
    private readonly database: Database,
    private readonly bus: Bus,
    private readonly runtime: Runtime,
  ) {}

  static async start(lab: Lab, service: ServiceName): Promise<StandIn> {
    const env = lab.plan[service];
    const definition = { name: service, entities: [], migrations: [], module: class {} };
    const database = await databaseOf(definition, env['DATABASE_URL']!, quiet);
    await database.migrateUp();
    const bus = await Bus.connect({ service, url: env['NATS_URL']!, logger: quiet });
    const runtime = new Runtime({ service, natsUrl: env['NATS_URL']!, logger: quiet }, database, bus);
    const contracts = [...requestsTo(service).map((route) => route.contract), ...operationsOfEveryService];
    const requests = new Map(contracts.map(({ name }) => [name, () => Promise.reject(absent(service))]));
    runtime.start({ events: new Map(), requests }, []);
    return new StandIn(database, bus, runtime);
  }

  say<C extends EventContract>(contract: C, ...data: InputOf<C>[]): Promise<void> {
    return this.database.transaction(async (tx) => {
      for (const one of data) this.runtime.outbox.send(tx, contract, one);
    });
  }

  async stop(): Promise<void> {
    await this.runtime.stop();
    await this.runtime.metrics.close();
    await this.bus.close();
    await this.database.close();
  }
}

const absent = (service: ServiceName) =>
  new Problem('service-down', `The ${service} service is not part of this test.`, 'Host it.');
