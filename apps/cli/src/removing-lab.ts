import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { NotRunning, readServicePlan } from './installation.js';
import type { LabBeside } from './labs.js';
import { openDatabase } from './up/backing.js';
import { services, type ServiceName } from '#libs/contracts/src/catalogue.js';
import { acquireLock, DataInUse, type DataLock } from '#libs/local/src/data-lock.js';
import { ownsAddress, type Postgres } from '#libs/local/src/postgres.js';
import { terminalProgress } from '#libs/local/src/progress.js';
import { databaseName } from '#libs/local/src/service-plan.js';

export interface Lost {
  readonly apps: number;
  readonly fills: number;
  readonly comparisons: number;
  readonly writes: number;
  readonly sentence: string;
}

export interface RemoveOptions {
  readonly dropData: boolean;
  /** Of the server that `up` was given; undefined for ours. */
  readonly databaseUrl?: string | undefined;
}

/**
 * Removes a lab beside the first; answers what its data were, when it had any. Those go last of all and only when that is meant: without
 * `dropData` it throws what would be lost. Repeated after an interruption, it ends what had begun.
 */
export async function removeLab(
  installation: string,
  lab: LabBeside,
  { dropData, databaseUrl }: RemoveOptions,
): Promise<Lost | undefined> {
  const lock = lockOf(installation);
  try {
    const wasStarted = existsSync(join(lab.dir, 'secrets.json'));
    const lost = wasStarted ? await dropDatabases(installation, lab, { dropData, databaseUrl }) : undefined;
    rmSync(lab.dir, { recursive: true });
    return lost;
  } finally {
    lock.release();
  }
}

function lockOf(installation: string): DataLock {
  try {
    return acquireLock(installation);
  } catch (error) {
    if (!(error instanceof DataInUse)) throw error;
    throw new NotRunning(
      `Nothing was removed: the installation on ${installation} is running. Stop it first (Ctrl-C).`,
    );
  }
}

async function dropDatabases(
  installation: string,
  lab: LabBeside,
  { dropData, databaseUrl }: RemoveOptions,
): Promise<Lost> {
  if (!databaseUrl) refuseElsewhere(installation, lab);
  const progress = terminalProgress(process.stderr);
  const quiet = { ...progress, done: () => {} };
  try {
    const postgres = await openDatabase(installation, { databaseUrl }, 1, quiet);
    progress.end();
    try {
      const lost = await lookAt(postgres, lab.name);
      if (!dropData)
        throw new NotRunning(
          `Nothing was removed: lab ${lab.name} has ${lost.sentence}. To lose all that for good: ./lockstep labs remove ${lab.name} --drop-data`,
        );
      for (const service of services) await postgres.dropDatabase(databaseName(lab.name, service));
      return lost;
    } finally {
      await postgres.stop();
    }
  } finally {
    progress.end();
  }
}

/** A lab that was started with DATABASE_URL has its databases there, and dropping those of ours would drop nothing. */
function refuseElsewhere(installation: string, { name, dir }: LabBeside): void {
  if (!existsSync(join(dir, 'env'))) return; // it has got no further than its secrets
  const address = readServicePlan(dir, 'gateway')['DATABASE_URL']!;
  if (ownsAddress(installation, address)) return;
  throw new NotRunning(
    `Nothing was removed: lab ${name} has its databases at ${new URL(address).host}. Set DATABASE_URL as for ./lockstep up.`,
  );
}

async function lookAt(postgres: Postgres, lab: string): Promise<Lost> {
  const counted = (service: ServiceName, table: string) => countOf(postgres, databaseName(lab, service), table);
  const apps = await counted('submission', 'app');
  const fills = await counted('submission', 'fill');
  const comparisons = await counted('comparator', 'comparison');
  const writes = await counted('filler', 'write_log');
  const parts = [
    [apps, 'app'],
    [fills, 'fill'],
    [writes, 'write'],
    [comparisons, 'comparison'],
  ] as const;
  const sentence = `${parts.map(([count, what]) => `${count} ${what}${count === 1 ? '' : 's'}`).join(', ')}, and its accounts`;
  return { apps, fills, comparisons, writes, sentence };
}

const noSuchDatabase = '3D000';
const noSuchTable = '42P01';

/** What is not there yet, or no more, holds nothing. */
async function countOf(postgres: Postgres, database: string, table: string): Promise<number> {
  const url = Object.assign(new URL(postgres.url), { pathname: `/${database}` });
  const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ count: number }>(`select count(*)::int as count from ${table}`);
    return rows[0]!.count;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === noSuchDatabase || code === noSuchTable) return 0;
    throw error;
  } finally {
    await client.end();
  }
}
