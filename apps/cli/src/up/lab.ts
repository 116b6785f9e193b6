import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkBroker, openBroker, openDatabase, type Broker } from './backing.js';
import { startDemo, type Demo } from './demo.js';
import { findBrowser } from './find-browser.js';
import { addressOf, readLabSettings, type Environment, type LabSettings } from './lab-settings.js';
import { LogFiles } from './log-files.js';
import { hostAll, splitAll } from './running-services.js';
import { labDataDir, removeRunFile, root, writeRunFile, writeServicePlans } from '../installation.js';
import { newPassword } from '../new-password.js';
import { services } from '#libs/contracts/src/catalogue.js';
import type { NewPassword } from '#libs/contracts/src/gateway.js';
import { acquireLock, type DataLock } from '#libs/local/src/data-lock.js';
import { freePort, requireFree } from '#libs/local/src/ports.js';
import type { Postgres } from '#libs/local/src/postgres.js';
import type { Progress } from '#libs/local/src/progress.js';
import { readOrCreateSecrets } from '#libs/local/src/secrets.js';
import { planServices, type ServiceEnv } from '#libs/local/src/service-plan.js';
import { everyStep } from '#libs/platform/src/closing.js';

export interface LabOptions {
  readonly split: boolean;
  readonly demo: boolean;
  readonly env: Environment;
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
  stop(): Promise<void>;
}

/** Brings everything up in the order in which it is needed, and takes it down in the reverse, also when something fails half-way. */
export async function startLab(options: LabOptions): Promise<Lab> {
  const settings = await readLabSettings(options.env, options.demo);
  const dir = labDataDir();
  const endings: (() => unknown)[] = [];
  const stop = () => everyStep(endings.splice(0).toReversed());
  try {
    const lock = acquireLock(dir);
    endings.push(() => lock.release());
    return { ...(await compose({ dir, lock, settings, options, endings })), stop };
  } catch (error) {
    await stop().catch((failure: unknown) => options.progress.done(`Not all of it was stopped: ${String(failure)}`));
    throw error;
  }
}

interface Composing {
  readonly dir: string;
  readonly lock: DataLock;
  readonly settings: LabSettings;
  readonly options: LabOptions;
  readonly endings: (() => unknown)[];
}

async function compose(composing: Composing): Promise<Omit<Lab, 'stop'>> {
  const { dir, lock, settings, options, endings } = composing;
  const port = await choosePort(settings);
  await checkBroker(settings, options.progress);
  const postgres = await openDatabase(dir, settings, options.progress);
  endings.push(() => postgres.stop());
  const broker = await openBroker(dir, settings, options.progress);
  endings.push(() => broker.stop());
  const browser = await findBrowser(settings.fillDriver, options.progress);
  const logs = new LogFiles(dir, (line) => options.progress.done(line));
  const demo = options.demo ? await openDemo(composing, postgres, logs) : undefined;
  const egressAllow = [...settings.egressAllow, ...(demo?.allow ?? [])];
  const plan = await makePlan(composing, { postgres, broker, browser, demo, egressAllow, logs, port });
  const first = firstStart(dir, settings);
  if (first.password) plan.gateway['ADMIN_PASSWORD'] = first.password;
  options.progress.step(options.split ? 'Starting the services, each in its process' : 'Starting the services');
  const running = await (options.split ? splitAll(plan, (line) => options.progress.done(line)) : hostAll(plan));
  endings.push(() => running.stop());
  logs.start();
  endings.push(() => logs.stop());
  const url = addressOf(settings.host, port);
  lock.setAddress(url);
  writeRunFile({ url, natsUrl: broker.publicUrl, broker: broker.kind, dataDir: dir, pid: process.pid });
  endings.push(() => removeRunFile({ dataDir: dir }));
  await demo?.submit(url);
  const token = plan.gateway['ADMIN_TOKEN'];
  const shown = first.isOwn ? await newPassword({ url, token }, settings.admin.name) : undefined;
  return { url, dataDir: dir, egressAllow, first: shown, firstShown: first.over };
}

/** Before anything else is started: most often it is another lab that has the port. */
async function choosePort({ host, port }: LabSettings): Promise<number> {
  if (port === 0) return freePort();
  return requireFree({ port, host, forWhat: 'the pages', instead: `PORT=${port + 1} ./lockstep up` });
}

async function openDemo({ dir, options, endings }: Composing, postgres: Postgres, logs: LogFiles): Promise<Demo> {
  options.progress.step('Starting the demo apps');
  const told = (line: string) => options.progress.done(line);
  const demo = await startDemo({ dataDir: dir, postgres, logFile: logs.fileOf('demo-apps'), told });
  endings.push(() => demo.stop());
  return demo;
}

interface Parts {
  readonly postgres: Postgres;
  readonly broker: Broker;
  readonly browser: ServiceEnv;
  readonly demo: Demo | undefined;
  readonly egressAllow: readonly string[];
  readonly logs: LogFiles;
  readonly port: number;
}

/** What each service is told; written down for those who start another instance of one. */
async function makePlan({ dir, settings }: Composing, parts: Parts) {
  const { postgres, broker, browser, demo, egressAllow, logs, port } = parts;
  const common = {
    ...(demo ? demoDefaults : {}),
    ...settings.common,
    ...browser,
    BASELINE_URL: settings.baselineUrl ?? demo!.baselineUrl,
    EGRESS_ALLOW: egressAllow.join(','),
  };
  const plan = await planServices({ dir, postgres, natsUrl: broker.url, broker: broker.kind, common });
  for (const name of services) plan[name]['LOG_FILE'] = logs.fileOf(name);
  const token = settings.admin.token ?? readOrCreateSecrets(dir, ['cliToken']).cliToken;
  const own = { PORT: String(port), WEB_ROOT: join(root, 'dist/web'), ADMIN_TOKEN: token };
  Object.assign(plan.gateway, settings.gateway, own);
  writeServicePlans(dir, plan);
  return plan;
}

/** With four entries a fill the lossy app loses one in each: the newcomer sees it after the first. */
const demoDefaults = { FILL_ITERATIONS: '4' };

/**
 * The first account needs a password when it is made. It gets that of ADMIN_PASSWORD; or one that nobody learns, and is then given
 * another through the API, to be shown: so that a start that dies half-way leaves nobody locked out, and nothing readable on disk.
 */
function firstStart(dir: string, { admin }: LabSettings) {
  const marker = join(dir, 'first-start-done');
  const over = () => writeFileSync(marker, '', { mode: 0o600 });
  if (existsSync(marker)) return { password: undefined, isOwn: false, over: () => {} };
  return {
    password: admin.password ?? randomBytes(24).toString('base64url'),
    isOwn: admin.password === undefined,
    over,
  };
}
