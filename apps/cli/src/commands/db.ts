import { Command } from 'commander';
import { readServicePlan } from '../up/plan-files.js';
import { say, sayJson, table } from '../terminal.js';
import { services, type ServiceName } from '#libs/contracts/src/catalogue.js';
import { loadSchema } from '#libs/local/src/service-host.js';
import { databaseOf } from '#libs/messaging/src/start-service.js';
import type { Database } from '#libs/platform/src/database.js';
import { createLogger } from '#libs/platform/src/logger.js';

export const databaseCommands = (): Command =>
  new Command('db')
    .description('schemas of the services’ databases: status, up, down (the lab has to run: ./lockstep up)')
    .addCommand(
      new Command('status')
        .description('which steps each schema has taken')
        .option('--json', 'one JSON document')
        .action(async ({ json }: { json?: true }) => {
          const steps = await eachDatabase((database) => database.migrationStatus());
          if (json) return sayJson(steps);
          const rows = Object.entries(steps).flatMap(([service, list]) =>
            list.map((step) => [service, step.name, step.executedAt ? 'done' : 'waiting']),
          );
          say(table([['SERVICE', 'STEP', 'STATE'], ...rows]));
        }),
    )
    .addCommand(
      new Command('up').description('take all steps that are waiting').action(async () => {
        const taken = await eachDatabase((database) => database.migrateUp());
        for (const [service, steps] of Object.entries(taken))
          say(`${service}: ${steps.length ? steps.join(', ') : 'nothing to do'}`);
      }),
    )
    .addCommand(
      new Command('down')
        .description('take back the newest steps of one service; its data in them is gone')
        .argument('<service>', services.join(' | '))
        .option('--steps <n>', 'how many', '1')
        .requiredOption('--yes', 'yes, I know what is lost')
        .action(async (service: string, { steps }: { steps: string }) => {
          const name = services.find((one) => one === service);
          if (!name) throw new Error(`${service} is no service: choose among ${services.join(', ')}.`);
          const undone = await withDatabase(name, (database) => database.migrateDown(Number(steps)));
          say(`${service}: took back ${undone.join(', ') || 'nothing'}`);
        }),
    );

async function eachDatabase<T>(work: (database: Database) => Promise<T>): Promise<Record<string, T>> {
  const results: Record<string, T> = {};
  for (const service of services) results[service] = await withDatabase(service, work);
  return results;
}

async function withDatabase<T>(service: ServiceName, work: (database: Database) => Promise<T>): Promise<T> {
  const schema = await loadSchema(service);
  const env = readServicePlan(service);
  const database = await databaseOf(
    { ...schema, module: class {} },
    env['DATABASE_URL']!,
    createLogger('cli', 'silent'),
  );
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
