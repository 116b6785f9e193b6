import { namedLab } from './chosen-lab.js';
import { findLab, labDataDir, labOn, NoLab, NotRunning, readServicePlan, type RunFile } from './installation.js';
import { labDir } from './labs.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import { acquireLock } from '#libs/local/src/data-lock.js';
import { ownsAddress, startPostgres } from '#libs/local/src/postgres.js';
import { terminalProgress } from '#libs/local/src/progress.js';
import { loadSchema } from '#libs/local/src/service-host.js';
import { databaseOf } from '#libs/messaging/src/start-service.js';
import type { Database } from '#libs/platform/src/database.js';
import { createLogger } from '#libs/platform/src/logger.js';
import { databaseTrouble } from '#libs/platform/src/database-trouble.js';

export interface ServiceDatabase {
  readonly service: ServiceName;
  readonly database: Database;
  /** Names of the steps that are the service's own. */
  readonly own: readonly string[];
}

/**
 * Runs `work` on the databases of these services, one after the other: of the lab that runs, or else of its data in this checkout,
 * with a Postgres of ours started for as long as that takes.
 */
export async function onDatabases<T>(
  names: readonly ServiceName[],
  work: (one: ServiceDatabase) => Promise<T>,
): Promise<Record<string, T>> {
  const lab = runningLab();
  if (lab) return onEach(names, addressesOf(lab.dataDir, names), work);
  const dir = labDataDir();
  const addresses = addressesOf(labDir(dir, namedLab()), names);
  const isServed = labOn(dir) !== undefined || !addresses.some((url) => ownsAddress(dir, url));
  if (isServed) return onEach(names, addresses, work);
  const lock = acquireLock(dir);
  const progress = terminalProgress(process.stderr);
  try {
    const postgres = await startPostgres({ dir, onProgress: { ...progress, done: () => {} } });
    progress.end();
    try {
      const moved = addresses.map((url) => Object.assign(new URL(url), { port: String(postgres.port) }).href);
      return await onEach(names, moved, work);
    } finally {
      await postgres.stop();
    }
  } finally {
    progress.end();
    lock.release();
  }
}

const addressesOf = (dir: string, names: readonly ServiceName[]): string[] =>
  names.map((name) => readServicePlan(dir, name)['DATABASE_URL']!);

function runningLab(): RunFile | undefined {
  try {
    return findLab();
  } catch (error) {
    if (error instanceof NoLab) return undefined;
    throw error;
  }
}

async function onEach<T>(
  names: readonly ServiceName[],
  addresses: readonly string[],
  work: (one: ServiceDatabase) => Promise<T>,
): Promise<Record<string, T>> {
  const results: Record<string, T> = {};
  for (const [index, name] of names.entries()) results[name] = await onOne(name, addresses[index]!, work);
  return results;
}

async function onOne<T>(service: ServiceName, url: string, work: (one: ServiceDatabase) => Promise<T>): Promise<T> {
  const schema = await loadSchema(service);
  const database = await databaseOf({ ...schema, module: class {} }, url, createLogger('cli', 'silent'));
  try {
    return await work({ service, database, own: schema.migrations.map(({ name }) => name) });
  } catch (error) {
    if (databaseTrouble(error) !== 'away') throw error;
    throw new NotRunning(`No Postgres answers at ${new URL(url).host}. Is it running?`);
  } finally {
    await database.close();
  }
}
