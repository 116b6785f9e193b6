import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LogTail } from './child.js';
import { lastPort, portFor } from './ports.js';
import { findPostgresBinaries } from './postgres-binaries.js';
import {
  ADMIN,
  createCluster,
  endFormerPostgres,
  launchPostgres,
  POSTGRES_END_STEPS,
  type Cluster,
} from './postgres-cluster.js';
import { Databases } from './postgres-databases.js';
import { silentProgress, type Progress } from './progress.js';
import { readOrCreateSecrets } from './secrets.js';
import { ServerProcess } from './server-process.js';

export interface PostgresOptions {
  /** For data, password, port: see dataDir(). Open for the user Postgres runs as to walk through. */
  dir: string;
  /** Taken or refused. Without it: the one of last time, else a free one. */
  port?: number;
  /** False only for data that may be lost, as in tests. */
  fsync?: boolean;
  maxConnections?: number;
  onProgress?: Progress;
}

/** Fast shutdown, immediate shutdown, crash. (SIGTERM would wait for all clients to leave.) */
export type PostgresSignal = 'SIGINT' | 'SIGQUIT' | 'SIGKILL';

/** A Postgres with one role and one database for each service. All its methods may be called again after a failure. */
export interface Postgres {
  /** The administrator's. Holds the password: for our own processes, never for a log. */
  readonly url: string;
  readonly port: number;
  /** "18.4" */
  readonly version: string;
  /** Undefined while it is down, and for a server that is not ours. */
  readonly pid: number | undefined;
  /** The last 64 kB of its log. */
  logTail(): string;
  ensureDatabase(name: string, options: { password: string }): Promise<string>;
  cloneDatabase(templateUrl: string, name: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** Ends it, leaves it down for `downMs`, starts it on the same port. Also starts it after `kill`. */
  restart(signal?: PostgresSignal, downMs?: number): Promise<void>;
  /** Ends it; it stays down. */
  kill(signal?: PostgresSignal): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Postgres 18 of our own on a loopback port, with the data in `<dir>/postgres` and passwords even for local users. Works on
 * data that a crash left behind, ends with this process, and is started again if it ends by itself.
 * Throws sentences: port taken, data of another version, no Postgres for this platform.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { dir, fsync = true, maxConnections = 200, onProgress = silentProgress } = options;
  const binaries = await findPostgresBinaries(onProgress);
  const cluster: Cluster = { binaries, dataDir: join(dir, 'postgres'), fsync, maxConnections };
  const { postgresAdmin } = readOrCreateSecrets(dir, ['postgresAdmin']);
  onProgress.step('Starting Postgres');
  await createCluster(cluster, postgresAdmin);
  await endFormerPostgres(cluster.dataDir); // it may still hold the port
  const port = await portFor(dir, 'postgres', options.port, 'Postgres');
  const log = new LogTail();
  const server = new ServerProcess({
    name: 'Postgres',
    launch: () => launchPostgres(cluster, port, log),
    endSteps: POSTGRES_END_STEPS,
    onProgress,
  });
  await server.start();
  const url = `postgres://${ADMIN}:${postgresAdmin}@127.0.0.1:${port}/postgres`;
  const databases = new Databases(url);
  const version = await openFirst(databases, dir).catch(async (e: unknown) => {
    await server.stop();
    throw e;
  });
  onProgress.done(`Postgres ${version} at 127.0.0.1:${port}`);
  return {
    url,
    port,
    version,
    get pid() {
      return server.pid;
    },
    logTail: () => log.toString(),
    ...databaseMethods(databases),
    restart: (signal = 'SIGINT', downMs = 0) => server.restart(signal, downMs),
    kill: (signal = 'SIGKILL') => server.kill(signal),
    stop: () => server.stop(),
  };
}

/**
 * The same over a server that is not ours. Its login must be able to create databases and roles, and the server be 18 or
 * newer: throws a sentence otherwise. `stop` leaves it alone; `restart` and `kill` refuse. With the name of an `installation`, databases
 * that belong to another one are refused: two on one server would lock each other out.
 */
export async function usePostgres(databaseUrl: string, installation?: string): Promise<Postgres> {
  const parsed = URL.parse(databaseUrl);
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new Error('DATABASE_URL must look like postgres://user:password@host:5432/database');
  }
  const databases = new Databases(databaseUrl, installation);
  const version = await databases.check().catch((e: unknown) => {
    throw explain(e, parsed.host);
  });
  const refuse = () => Promise.reject(new Error('This Postgres is not ours (DATABASE_URL): end or start it yourself.'));
  return {
    url: databaseUrl,
    port: Number(parsed.port || 5432),
    version,
    pid: undefined,
    logTail: () => '',
    ...databaseMethods(databases),
    restart: refuse,
    kill: refuse,
    stop: () => Promise.resolve(),
  };
}

/** Whether this is the address of the Postgres of our own that had its data in `dir` last time. */
export function ownsAddress(dir: string, databaseUrl: string): boolean {
  const { hostname, port } = new URL(databaseUrl);
  return hostname === '127.0.0.1' && existsSync(join(dir, 'postgres')) && Number(port) === lastPort(dir, 'postgres');
}

function databaseMethods(databases: Databases): Pick<Postgres, 'ensureDatabase' | 'cloneDatabase' | 'dropDatabase'> {
  return {
    ensureDatabase: (name, options) => databases.ensureDatabase(name, options),
    cloneDatabase: (templateUrl, name) => databases.cloneDatabase(templateUrl, name),
    dropDatabase: (name) => databases.dropDatabase(name),
  };
}

async function openFirst(databases: Databases, dir: string): Promise<string> {
  try {
    await databases.closeCommonDatabases();
    return await databases.check();
  } catch (e) {
    if ((e as { code?: string }).code !== WRONG_PASSWORD) throw e;
    const message = `The password in ${dir}/secrets.json is not the one of the data in ${dir}/postgres. Put the old file back, or move both away to start with empty data.`;
    throw new Error(message, { cause: e });
  }
}

const WRONG_PASSWORD = '28P01';
const WRONG_LOGIN = '28000';
const NO_SUCH_DATABASE = '3D000';

/** Turns what the driver says about an address of the user's into what can be done about it. */
function explain(e: unknown, host: string): unknown {
  const { code = '', message } = e as { code?: string; message: string };
  if (code === WRONG_PASSWORD || code === WRONG_LOGIN)
    return new Error(`Postgres at ${host} refuses the user or password in DATABASE_URL.`, { cause: e });
  if (code === NO_SUCH_DATABASE)
    return new Error(`Postgres at ${host} has no such database: ${message}. Correct DATABASE_URL.`, { cause: e });
  if (/^(E[A-Z_]+)$/.test(code) || /timeout expired|connection terminated|does not support SSL/i.test(message))
    return new Error(`No Postgres answers at ${host} (${code || message}). Start it, or correct DATABASE_URL.`, {
      cause: e,
    });
  return e;
}
