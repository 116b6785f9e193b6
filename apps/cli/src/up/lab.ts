import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startDemo, type Demo } from './demo.js';
import { writeServicePlans } from './plan-files.js';
import { hostAll, splitAll, type RunningServices } from './supervised-services.js';
import { root, runFilePath, type RunFile } from '../installation.js';
import { newPassword } from '../new-password.js';
import { services, type ServiceName } from '#libs/contracts/src/catalogue.js';
import type { NewPassword } from '#libs/contracts/src/gateway.js';
import { unpackChromium } from '#libs/local/src/chromium.js';
import { dataDir } from '#libs/local/src/data-dir.js';
import { acquireLock, type DataLock } from '#libs/local/src/data-lock.js';
import { checkServiceEnv } from '#libs/local/src/service-host.js';
import { startNats } from '#libs/local/src/nats.js';
import { requireFree } from '#libs/local/src/ports.js';
import { startPostgres, usePostgres, type Postgres } from '#libs/local/src/postgres.js';
import type { Progress } from '#libs/local/src/progress.js';
import { readOrCreateSecrets } from '#libs/local/src/secrets.js';
import { brokerUsersWithPasswords, planServices, type ServiceEnv } from '#libs/local/src/service-plan.js';
import { SettingsError } from '#libs/platform/src/settings.js';

export interface LabOptions {
  readonly split: boolean;
  readonly demo: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: Progress;
}

export interface Lab {
  readonly url: string;
  readonly dataDir: string;
  readonly egressAllow: readonly string[];
  /** At the very first start only: shown once, then known to nobody. */
  readonly first: NewPassword | undefined;
  /** The first start is over when its password has been shown; until then every start makes a new one. */
  firstShown(): void;
  readonly demo: Demo | undefined;
  stop(): Promise<void>;
}

const defaultPort = 8000;
const logBytesMax = 20 * 1024 * 1024;

/** Brings everything up in the order in which it is needed, and takes it down in the reverse, also when something fails half-way. */
export async function startLab(options: LabOptions): Promise<Lab> {
  await checkSettings(options.env);
  const dir = dataDir(root);
  const endings: (() => unknown)[] = [];
  const stop = async () => {
    for (const end of endings.splice(0).toReversed()) await end();
  };
  try {
    const lock = acquireLock(dir);
    endings.push(() => lock.release());
    return await compose(dir, lock, options, { endings, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the services would refuse is refused before anything is started. */
async function checkSettings(env: LabOptions['env']): Promise<void> {
  const stand = { DATABASE_URL: 'postgres://u:p@h/d', NATS_URL: 'nats://h', BASELINE_URL: 'http://127.0.0.1' };
  const given = Object.fromEntries(checkedNames.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const wrong: SettingsError['rows'][number][] = [];
  for (const name of services) wrong.push(...(await problemsOf(name, { ...stand, ...given })));
  const rows = wrong.filter((row, index) => wrong.findIndex((other) => other.name === row.name) === index);
  if (rows.length > 0) throw new SettingsError(rows);
}

async function problemsOf(name: ServiceName, env: ServiceEnv): Promise<SettingsError['rows']> {
  try {
    await checkServiceEnv(name, env);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.rows;
    throw error;
  }
}

interface Ending {
  readonly endings: (() => unknown)[];
  readonly stop: () => Promise<void>;
}

async function compose(dir: string, lock: DataLock, options: LabOptions, { endings, stop }: Ending): Promise<Lab> {
  const { env, progress } = options;
  const port = await requireFree(Number(env['PORT'] ?? defaultPort), 'the pages (PORT)');
  const postgres = await openPostgres(dir, env, progress);
  endings.push(() => postgres.stop());
  const natsUrl = await openNats(dir, env, progress, endings);
  const chromium = await unpackChromium(progress);
  progress.step('Starting the demo apps');
  const demo = options.demo ? await startDemo(dir, postgres, logFileOf(dir, 'demo-apps')) : undefined;
  if (demo) endings.push(() => demo.stop());
  const egressAllow = [...(env['EGRESS_ALLOW'] ?? '').split(',').filter(Boolean), ...(demo?.allow ?? [])];
  const first = firstStart(dir, env);
  const token = env['ADMIN_TOKEN'] ?? readOrCreateSecrets(dir, ['cliToken']).cliToken;
  const common = {
    ...(demo ? demoDefaults : {}),
    ...passedOn(env),
    BASELINE_URL: baselineUrl(env, demo),
    EGRESS_ALLOW: egressAllow.join(','),
    CHROMIUM_PATH: chromium.executable,
  };
  const plan = await planServices({ dir, postgres, natsUrl, common });
  for (const name of services) plan[name]['LOG_FILE'] = logFileOf(dir, name);
  Object.assign(plan.gateway, { PORT: String(port), WEB_ROOT: join(root, 'dist/web'), ADMIN_TOKEN: token });
  writeServicePlans(plan);
  if (first.password) plan.gateway['ADMIN_PASSWORD'] = first.password;
  const running = await startServices(plan, options);
  endings.push(() => running.stop());
  const url = `http://localhost:${port}`;
  lock.setAddress(url);
  writeRunFile({ url, natsUrl: natsUrl.replace(/\/\/[^@]*@/, '//'), dataDir: dir, pid: process.pid });
  await demo?.submit(url);
  const shown = first.isOwn ? await newPassword({ url, token }, env['ADMIN_USERNAME']) : undefined;
  return { url, dataDir: dir, egressAllow, first: shown, firstShown: first.over, demo, stop };
}

function startServices(
  plan: Awaited<ReturnType<typeof planServices>>,
  { split, progress }: LabOptions,
): Promise<RunningServices> {
  progress.step(split ? 'Starting the services, each in its process' : 'Starting the services');
  return split ? splitAll(plan, (line) => progress.done(line)) : hostAll(plan);
}

function writeRunFile(run: RunFile): void {
  mkdirSync(dirname(runFilePath()), { recursive: true, mode: 0o711 });
  writeFileSync(runFilePath(), JSON.stringify(run), { mode: 0o600 });
}

function openPostgres(dir: string, env: LabOptions['env'], onProgress: Progress): Promise<Postgres> {
  const given = env['DATABASE_URL'];
  return given ? usePostgres(given) : startPostgres({ dir, onProgress });
}

/** A given broker is used as it is, with the user of its address; ours has a user for each service. */
async function openNats(
  dir: string,
  env: LabOptions['env'],
  onProgress: Progress,
  endings: Ending['endings'],
): Promise<string> {
  const given = env['NATS_URL'];
  if (given) return given;
  const nats = await startNats({ dir, users: brokerUsersWithPasswords(dir), onProgress });
  endings.push(() => nats.stop());
  return nats.url;
}

/**
 * The first account needs a password when it is made. It gets that of ADMIN_PASSWORD; or one that nobody learns, and is then given
 * another through the API, to be shown: so that a start that dies half-way leaves nobody locked out, and nothing readable on disk.
 */
function firstStart(dir: string, env: LabOptions['env']) {
  const marker = join(dir, 'first-start-done');
  const over = () => writeFileSync(marker, '', { mode: 0o600 });
  if (existsSync(marker)) return { password: undefined, isOwn: false, over: () => {} };
  const given = env['ADMIN_PASSWORD'];
  return { password: given ?? randomBytes(24).toString('base64url'), isOwn: given === undefined, over };
}

const passedOnNames = [
  'FILL_INTERVAL_SECONDS',
  'FILL_ITERATIONS',
  'FILL_MODE',
  'FILL_DRIVER',
  'COMPARE_INTERVAL_SECONDS',
  'COMPARE_ENDPOINTS',
  'HOST',
  'LOG_LEVEL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'ADMIN_USERNAME',
  'SPAN_HOURS',
  'SPAN_MEGABYTES',
] as const;

/** With four entries a fill the lossy app loses one in each: the newcomer sees it after the first. */
const demoDefaults: ServiceEnv = { FILL_ITERATIONS: '4' };

const checkedNames = [
  ...passedOnNames,
  'PORT',
  'BASELINE_URL',
  'DATABASE_URL',
  'NATS_URL',
  'EGRESS_ALLOW',
  'ADMIN_PASSWORD',
  'ADMIN_TOKEN',
] as const;

const passedOn = (env: LabOptions['env']): ServiceEnv =>
  Object.fromEntries(passedOnNames.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));

function baselineUrl(env: LabOptions['env'], demo: Demo | undefined): string {
  const url = env['BASELINE_URL'] ?? demo?.baselineUrl;
  if (!url)
    throw new Error(
      'Without the demo there is no baseline app. Say which one: BASELINE_URL=https://… ./lockstep up --no-demo',
    );
  return url;
}

/** A log that has grown large is put aside once, so that logs stay below twice this size. */
function logFileOf(dir: string, name: string): string {
  const directory = join(dir, 'log');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, `${name}.log`);
  if (existsSync(file) && statSync(file).size > logBytesMax) renameSync(file, `${file}.1`);
  return file;
}
