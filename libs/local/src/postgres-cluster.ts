// The files and the process of a Postgres of our own; what is done inside it stands in postgres-databases.ts.
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endChild, isRunning, run, spawnBound, type LogTail } from './child.js';
import { reachable } from './data-dir.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { endServers, findServers } from './running-servers.js';
import { postgresUser } from './unprivileged.js';

export const ADMIN = 'lockstep';

export interface Cluster {
  binaries: PostgresBinaries;
  /** PGDATA: belongs to the user Postgres runs as. */
  dataDir: string;
  /** Off only for data that may be lost. */
  fsync: boolean;
  maxConnections: number;
}

/** Makes the data directory unless it is there. It appears whole or not at all: an interrupted attempt is made again. */
export async function createCluster({ binaries, dataDir, fsync }: Cluster, password: string): Promise<void> {
  if (existsSync(join(dataDir, 'PG_VERSION'))) return requireVersion(dataDir, binaries.majorVersion);
  const parent = dirname(dataDir);
  if (!reachable(parent))
    throw new Error(`Postgres cannot get into ${parent}: it and its parents must be open (chmod 711).`);
  const work = `${dataDir}.new`;
  const passwordFile = `${work}.password`;
  rmSync(work, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  mkdirSync(work, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600, flag: 'wx' });
  const { uid, gid } = postgresUser;
  if (uid !== undefined && gid !== undefined) for (const path of [work, passwordFile]) chownSync(path, uid, gid);
  // The sort order and letter case of the "builtin" provider are the same on every machine.
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const login = [`--username=${ADMIN}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const speed = fsync ? [] : ['--no-sync'];
  try {
    const args = ['-D', work, ...login, ...locale, ...speed, '--no-instructions'];
    await run(binaries.initdb, args, { ...postgresUser, env: childEnv(), deadlineMs: 60_000 });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(work, dataDir);
}

function requireVersion(dataDir: string, wanted: string): void {
  const found = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim();
  if (found === wanted) return;
  throw new Error(
    `The data in ${dataDir} were written by Postgres ${found}, this is ${wanted}. Move them away to start with empty data.`,
  );
}

/**
 * Starts Postgres on the cluster and resolves when it accepts connections, recovery after a crash included. A former one
 * on the same data is waited for. Rejects with the end of the log, and nothing left running, when it does not come up.
 */
export async function launchPostgres(cluster: Cluster, port: number, log: LogTail): Promise<ChildProcess> {
  await endFormerPostgres(cluster.dataDir);
  dropStalePidFile(cluster.dataDir);
  const args = ['-D', cluster.dataDir, '-p', String(port), ...settings(cluster)];
  const child = spawnBound(cluster.binaries.postgres, args, {
    ...postgresUser,
    deathSignal: 'SIGINT',
    env: childEnv(),
  });
  child.on('error', () => undefined); // shows as "not running" below
  log.follow(child);
  const deadline = performance.now() + READY_DEADLINE_MS;
  while (!isReady(cluster.dataDir, child)) {
    const late = performance.now() > deadline;
    if (late) await endChild(child, POSTGRES_END_STEPS);
    if (late || !isRunning(child)) {
      throw new Error(`Postgres did not start${late ? ' in time' : ''}. Its last words:\n${lastLines(log)}`);
    }
    await sleep(10);
  }
  return child;
}

/** Fast shutdown (roll back, write everything), then immediate shutdown (recover at the next start). */
export const POSTGRES_END_STEPS = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 10_000],
] as const satisfies readonly [NodeJS.Signals, number][];

const READY_DEADLINE_MS = 120_000;

const childEnv = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' });

const lastLines = (log: LogTail): string => log.toString().trim().split('\n').slice(-8).join('\n');

function settings({ dataDir, fsync, maxConnections }: Cluster): string[] {
  const values = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    cluster_name: tagOf(dataDir), // in the title of every process of it: see endFormerPostgres
    wal_level: 'logical',
    autovacuum_naptime: '5s', // logs and queues leave dead rows in front of the next one
    max_connections: maxConnections,
    fsync: fsync ? 'on' : 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

const tagOf = (dataDir: string): string =>
  `lockstep-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`;

/**
 * Waits for what still runs on the data, and sees to its end. A killed owner leaves a Postgres that is just shutting down; a
 * killed Postgres leaves processes that just notice. The main process is told to end first, then what outlived it.
 */
export async function endFormerPostgres(dataDir: string): Promise<void> {
  const tag = tagOf(dataDir);
  const all = () => findServers('postgres', tag, postgresUser.uid);
  const main = all().filter(({ command }) => command.includes(`cluster_name=${tag}`));
  const mainLives = () => all().filter(({ pid }) => main.some((server) => server.pid === pid));
  if (main.length > 0) await endServers(mainLives, POSTGRES_END_STEPS);
  await endServers(all, [
    ['SIGQUIT', 10_000],
    ['SIGKILL', 5000],
  ]);
}

/**
 * postmaster.pid of a crashed Postgres names a process id that another program of the same user may have by now; Postgres
 * then believes that it still runs, and refuses. Only a Postgres that somebody started by hand on these data keeps the file.
 */
function dropStalePidFile(dataDir: string): void {
  const file = join(dataDir, 'postmaster.pid');
  const pid = Number(readIfThere(file).split('\n')[0]);
  const started = findServers('postgres', '', postgresUser.uid).find((server) => server.pid === pid);
  if (started === undefined || started.command.includes('lockstep-')) rmSync(file, { force: true });
}

/** Postgres writes its state into the eighth line of postmaster.pid (this is how pg_ctl waits for it). */
function isReady(dataDir: string, child: ChildProcess): boolean {
  const lines = readIfThere(join(dataDir, 'postmaster.pid')).split('\n');
  return lines[0] === String(child.pid) && lines[7]?.trim() === 'ready';
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'ENOENT') throw e;
    return '';
  }
}
