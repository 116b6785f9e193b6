import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { sourceFolder } from '../source-files.js';

interface Migration {
  version: number;
  name: string;
}

/** Any number will do as long as no other program locks it in this database. */
const lockKey = 7_301_530_001;
const lockWaitMs = 30_000;
const connectMs = 5_000;

/**
 * Brings the journal's tables to version `target` (default: the newest; 0 removes them) and returns the version reached.
 * One transaction per step, one instance at a time: others wait up to 30 s for the lock and then find the work done.
 * A schema that is newer than this program is left as it is when no target is named.
 */
export async function migrate(databaseUrl: string, target?: number): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: connectMs });
  client.on('error', () => undefined); // the running query rejects with the same error
  await client.connect();
  try {
    await client.query(`set lock_timeout = ${lockWaitMs}`);
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    await client.query(
      'create table if not exists journal_schema (version integer primary key, name text not null, applied_at timestamptz not null default now())',
    );
    return await move(client, await listMigrations(), target);
  } finally {
    await client.end(); // also gives the lock back
  }
}

async function listMigrations(): Promise<Migration[]> {
  const files = (await readdir(sourceFolder('persistence/migrations'))).sort();
  return files.flatMap((file) => {
    const found = /^(\d{4})_(\w+)\.up\.sql$/.exec(file);
    return found ? [{ version: Number(found[1]), name: `${found[1]}_${found[2]}` }] : [];
  });
}

async function move(client: pg.Client, migrations: Migration[], target?: number): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    'select coalesce(max(version), 0) as version from journal_schema',
  );
  const current = rows[0]!.version;
  const wanted = target ?? Math.max(current, migrations.at(-1)!.version);
  for (const step of migrations.filter((one) => one.version > current && one.version <= wanted))
    await run(client, step, 'up');
  const back = migrations.filter((one) => one.version <= current && one.version > wanted).reverse();
  for (const step of back) await run(client, step, 'down');
  return wanted;
}

async function run(client: pg.Client, { version, name }: Migration, way: 'up' | 'down'): Promise<void> {
  const sql = await readFile(join(sourceFolder('persistence/migrations'), `${name}.${way}.sql`), 'utf8');
  const note =
    way === 'up'
      ? `insert into journal_schema (version, name) values (${version}, '${name}')`
      : `delete from journal_schema where version = ${version}`;
  await client.query(`begin; ${sql}; ${note}; commit`);
}
