import pg from 'pg';
import type { ComposeFile, ComposeService } from '../compose-file.js';
import { about, unless, type Findings } from '../findings.js';
import { appOf, readText, type Layout } from '../layout.js';
import { statementsOf } from '../psql-script.js';
import { throwawayDataDir } from '#libs/local/src/throwaway-dir.js';
import { startPostgres } from '#libs/local/src/postgres.js';

const initDirectory = '/docker-entrypoint-initdb.d/';

/**
 * The scripts that prepare the Postgres containers run on a real Postgres of the same major version, one after the other;
 * then every app gets into its own database with the address it is given, can make a table, and gets into no other.
 */
export async function checkDatabases({ compose }: Layout, read = readText): Promise<Findings> {
  const servers = Object.entries(compose.services).filter(([, { image }]) => image?.startsWith('postgres:'));
  const { dir, remove } = throwawayDataDir();
  const findings: string[] = [];
  try {
    const postgres = await startPostgres({ dir, fsync: false });
    for (const [name, server] of servers) {
      const major = `postgres:${postgres.version.split('.')[0]}.`;
      findings.push(
        ...unless(server.image?.startsWith(major), `docker-compose.yml, ${name}: Lockstep is tested on ${major}x`),
        ...(await prepare(name, server, (script) => runScript(read(script), server, postgres.url))),
        ...(await visit(name, compose, postgres.url)),
      );
    }
    await postgres.stop();
  } finally {
    remove();
  }
  return findings;
}

async function prepare(
  name: string,
  { volumes = [] }: ComposeService,
  runFile: (script: string) => Promise<void>,
): Promise<Findings> {
  const scripts = volumes
    .filter((volume) => volume.includes(`:${initDirectory}`))
    .map((volume) => volume.split(':')[0]!);
  const findings = unless(scripts.length > 0, `docker-compose.yml, ${name}: mount a script in ${initDirectory}`);
  for (const script of scripts) {
    try {
      await runFile(script);
    } catch (error) {
      findings.push(`${script}: ${(error as Error).message}`);
    }
  }
  return findings;
}

async function runScript(text: string, { environment = {} }: ComposeService, url: string): Promise<void> {
  for (const statement of statementsOf(text, environment)) await query(url, statement);
}

/** Every app of this server tries every database of it: its own opens, no other does. */
async function visit(server: string, { services }: ComposeFile, adminUrl: string): Promise<Findings> {
  const apps = Object.entries(services).flatMap(([name, service]) => {
    const url = URL.parse(service.environment?.['DATABASE_URL'] ?? '');
    return appOf(service) && url?.hostname === server ? [{ name, url }] : [];
  });
  const findings: string[] = [];
  for (const { name, url } of apps) {
    for (const database of [...apps.map((app) => app.url.pathname), '/postgres']) {
      const isOwn = database === url.pathname;
      const statement = isOwn ? 'create table trial (n integer); drop table trial' : 'select 1';
      const problem = await problemOf(elsewhere(url, adminUrl, database), statement);
      const own = unless(!problem, `its DATABASE_URL does not work on a fresh ${server}: ${problem}`);
      const other = unless(problem, `it also gets into ${database.slice(1)} of ${server}`);
      findings.push(...about(`docker-compose.yml, ${name}`, isOwn ? own : other));
    }
  }
  return findings;
}

/** The address of an app's database, on the server that stands in for its container. */
function elsewhere(url: URL, adminUrl: string, database: string): string {
  const address = new URL(url);
  address.host = new URL(adminUrl).host;
  address.pathname = database;
  return address.href;
}

async function problemOf(url: string, statement: string): Promise<string | undefined> {
  try {
    await query(url, statement);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function query(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, statement_timeout: 20_000 });
  client.on('error', () => undefined); // also fails the query under way, and that one is awaited
  try {
    await client.connect();
    await client.query(statement);
  } finally {
    await client.end();
  }
}
