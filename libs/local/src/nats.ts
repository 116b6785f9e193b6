import { mkdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeAtomically } from './atomic-write.js';
import { endChild, isRunning, LogTail, spawnBound } from './child.js';
import { findNatsServer } from './nats-binary.js';
import { accountDirectories, natsConfig, type NatsAccount, type NatsUser } from './nats-config.js';
import { removeOtherAccounts, truncateLastBlocks, type TruncatedBlock } from './nats-store.js';
import { portFor, rememberedPort } from './ports.js';
import { silentProgress, type Progress } from './progress.js';
import { endServers, findServers } from './running-servers.js';
import { ServerProcess } from './server-process.js';
import { mainLab } from '#libs/contracts/src/labs.js';

export interface NatsOptions {
  /** For store, configuration and port: see dataDir(). */
  dir: string;
  /** Taken or refused. Without it: the one of last time, else a free one. */
  port?: number;
  /** Also open the monitoring port. It asks for no password. */
  monitor?: boolean;
  /** Of the only account, or of the first of several. */
  users: readonly NatsUser[];
  /** Those of labs beside the first: streams of an account that is no longer among them are removed. */
  others?: readonly NatsAccount[];
  onProgress?: Progress;
}

export type NatsSignal = 'SIGTERM' | 'SIGINT' | 'SIGKILL';

/** A nats-server with JetStream. After each of these methods but `kill` and `stop` it answers again, at the same address. */
export interface Nats {
  /** Without user and password. */
  readonly url: string;
  readonly monitorUrl: string | undefined;
  /** Undefined while it is down. */
  readonly pid: number | undefined;
  /** Ends it, leaves it down for `downMs`, starts it. Also starts it after `kill`. */
  restart(signal?: NatsSignal, downMs?: number): Promise<void>;
  /** Ends it; it stays down. */
  kill(signal?: NatsSignal): Promise<void>;
  /** Replaces it by an empty one: no streams, no consumers. */
  wipe(): Promise<void>;
  /** Crashes it and cuts up to `bytes` off the newest block of every stream. */
  truncateLastBlock(bytes: number): Promise<TruncatedBlock[]>;
  stop(): Promise<void>;
  /** The last 64 kB of its log. */
  logTail(): string;
}

/**
 * A nats-server of our own on a loopback port, with its store in `<dir>/nats` and nothing allowed but what `users` say.
 * Works on a store that a crash left behind, ends with this process, and is started again if it ends by itself.
 * Throws sentences: port taken, no nats-server to be had.
 */
export async function startNats(options: NatsOptions): Promise<Nats> {
  const { dir, users, others = [], monitor = false, onProgress = silentProgress } = options;
  const exe = await findNatsServer(onProgress);
  onProgress.step('Starting NATS');
  const home = join(dir, 'nats');
  const storeDir = join(home, 'store');
  const configFile = join(home, 'nats.conf');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  await endFormerNats(configFile); // it may still hold the port
  const port = await portFor(dir, 'nats', options.port, 'NATS');
  const monitorPort = monitor ? await rememberedPort(dir, 'nats-monitor') : undefined;
  const accounts = [{ name: mainLab, users }, ...others];
  removeOtherAccounts(storeDir, accountDirectories(accounts));
  writeAtomically(configFile, natsConfig({ port, monitorPort, storeDir, accounts }), 0o600);
  const log = new LogTail();
  const launch = async () => {
    await endFormerNats(configFile);
    return launchNats({ exe, configFile, port, log });
  };
  const server = new ServerProcess({ name: 'NATS', launch, endSteps: NATS_END_STEPS, onProgress });
  await server.start();
  onProgress.done(`NATS at 127.0.0.1:${port}`);
  return {
    url: `nats://127.0.0.1:${port}`,
    monitorUrl: monitorPort === undefined ? undefined : `http://127.0.0.1:${monitorPort}`,
    get pid() {
      return server.pid;
    },
    restart: (signal = 'SIGTERM', downMs = 0) => server.restart(signal, downMs),
    kill: (signal = 'SIGKILL') => server.kill(signal),
    wipe: () => server.restart('SIGKILL', 0, () => rmSync(storeDir, { recursive: true, force: true })),
    truncateLastBlock: async (bytes) => {
      let cut: TruncatedBlock[] = [];
      await server.restart('SIGKILL', 0, () => (cut = truncateLastBlocks(storeDir, bytes)));
      return cut;
    },
    stop: () => server.stop(),
    logTail: () => log.toString(),
  };
}

const NATS_END_STEPS = [['SIGTERM', 10_000]] as const satisfies readonly [NodeJS.Signals, number][];
const READY_DEADLINE_MS = 30_000;

/** nats-server does not lock its store: a former one, left by a killed owner, must be gone before the next starts. */
const endFormerNats = (configFile: string): Promise<void> =>
  endServers(() => findServers('nats-server', configFile), [...NATS_END_STEPS, ['SIGKILL', 5000]]);

interface Launch {
  exe: string;
  configFile: string;
  port: number;
  log: LogTail;
}

async function launchNats({ exe, configFile, port, log }: Launch): Promise<ChildProcess> {
  const child = spawnBound(exe, ['-c', configFile], { deathSignal: 'SIGTERM', env: { PATH: process.env.PATH } });
  child.on('error', () => undefined); // shows as "not running" below
  log.follow(child);
  const deadline = performance.now() + READY_DEADLINE_MS;
  while (!(await greets(port))) {
    const late = performance.now() > deadline;
    if (late) await endChild(child, NATS_END_STEPS);
    if (late || !isRunning(child)) {
      const words = log.toString().trim().split('\n').slice(-8).join('\n');
      throw new Error(`nats-server did not start${late ? ' in time' : ''}. Its last words:\n${words}`);
    }
    await sleep(5);
  }
  return child;
}

/** The server greets each connection with one line about itself, once JetStream has recovered its store. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1000 });
    const answer = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('data', (data) => answer(data.toString().startsWith('INFO ')));
    socket.once('error', () => answer(false));
    socket.once('timeout', () => answer(false));
    socket.once('close', () => answer(false));
  });
}
