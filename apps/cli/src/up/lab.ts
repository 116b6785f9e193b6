import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Broker } from './backing.js';
import { startDemo, type Demo } from './demo.js';
import { findBrowser } from './find-browser.js';
import type { LabSettings } from './lab-settings.js';
import { LogFiles } from './log-files.js';
import { refuseSharedBaseline, urlOf, type PlacedLab } from './placed-labs.js';
import type { Plan, RunningServices } from './running-services.js';
import { removeRunFile, root, writeRunFile, writeServicePlans } from '../installation.js';
import { newPassword } from '../new-password.js';
import { services } from '#libs/contracts/src/catalogue.js';
import type { NewPassword } from '#libs/contracts/src/gateway.js';
import type { LabCard } from '#libs/contracts/src/labs.js';
import type { Postgres } from '#libs/local/src/postgres.js';
import type { Progress } from '#libs/local/src/progress.js';
import { readOrCreateSecrets } from '#libs/local/src/secrets.js';
import { planServices } from '#libs/local/src/service-plan.js';
import { everyStep } from '#libs/platform/src/closing.js';

/** What the labs of an installation have in common: servers and programs, and no data. */
export interface Shared {
  readonly labs: readonly PlacedLab[];
  readonly cards: readonly LabCard[];
  readonly postgres: Postgres;
  readonly broker: Broker;
  readonly progress: Progress;
}

export interface LabToStart {
  readonly lab: PlacedLab;
  readonly demo: boolean;
  readonly run: (plan: Plan, logs: LogFiles) => Promise<RunningServices>;
}

export interface RunningLab {
  readonly name: string;
  readonly title: string;
  readonly url: string;
  readonly dataDir: string;
  readonly egressAllow: readonly string[];
  /** At the very first start only: shown once, then known to nobody. */
  readonly first: NewPassword | undefined;
  /** The first start is over when its password has been shown; until then every start makes a new one. */
  firstShown(): void;
  stop(): Promise<void>;
}

/** Brings one lab up, and down again in the reverse order, also when something fails half-way. */
export async function startLab(wanted: LabToStart, shared: Shared): Promise<RunningLab> {
  const endings: (() => unknown)[] = [];
  const stop = () => everyStep(endings.splice(0).toReversed());
  try {
    return { ...(await compose(wanted, shared, endings)), stop };
  } catch (error) {
    await stop().catch((failure: unknown) => shared.progress.done(`Not all of it was stopped: ${String(failure)}`));
    throw error;
  }
}

async function compose(
  wanted: LabToStart,
  shared: Shared,
  endings: (() => unknown)[],
): Promise<Omit<RunningLab, 'stop'>> {
  const { name, dir, settings } = wanted.lab;
  const { broker, progress } = shared;
  const logs = new LogFiles(dir, (line) => progress.done(line));
  const demo = wanted.demo ? await openDemo(dir, shared, logs) : undefined;
  if (demo) endings.push(() => demo.stop());
  refuseSharedBaseline(shared.labs, demo?.baselineUrl);
  const egressAllow = [...settings.egressAllow, ...(demo?.allow ?? [])];
  const plan = await makePlan(wanted.lab, shared, { demo, egressAllow, logs });
  const first = firstStart(dir, settings);
  if (first.password) plan.gateway['ADMIN_PASSWORD'] = first.password;
  const running = await wanted.run(plan, logs);
  endings.push(() => running.stop());
  logs.start();
  endings.push(() => logs.stop());
  const url = urlOf(wanted.lab);
  writeRunFile({ lab: name, url, natsUrl: broker.publicUrl, broker: broker.kind, dataDir: dir, pid: process.pid });
  endings.push(() => removeRunFile({ dataDir: dir }));
  await demo?.submit(url);
  const token = plan.gateway['ADMIN_TOKEN'];
  const shown = first.isOwn ? await newPassword({ url, token }, settings.admin.name) : undefined;
  return { name, title: settings.title ?? name, url, dataDir: dir, egressAllow, first: shown, firstShown: first.over };
}

async function openDemo(dir: string, { postgres, progress }: Shared, logs: LogFiles): Promise<Demo> {
  progress.step('Starting the demo apps');
  const told = (line: string) => progress.done(line);
  return startDemo({ dataDir: dir, postgres, logFile: logs.fileOf('demo-apps'), told });
}

interface Parts {
  readonly demo: Demo | undefined;
  readonly egressAllow: readonly string[];
  readonly logs: LogFiles;
}

/** What each service is told; written down for those who start another instance of one. */
async function makePlan({ name: lab, dir, settings, port }: PlacedLab, shared: Shared, parts: Parts): Promise<Plan> {
  const { postgres, broker, cards, progress } = shared;
  const { demo, egressAllow, logs } = parts;
  const common = {
    ...(demo ? demoDefaults : {}),
    ...settings.common,
    ...(await findBrowser(settings.fillDriver, progress)),
    BASELINE_URL: settings.baselineUrl ?? demo!.baselineUrl,
    EGRESS_ALLOW: egressAllow.join(','),
  };
  const plan = await planServices({ dir, lab, postgres, natsUrl: broker.url, broker: broker.kind, common });
  for (const name of services) plan[name]['LOG_FILE'] = logs.fileOf(name);
  const token = settings.admin.token ?? readOrCreateSecrets(dir, ['cliToken']).cliToken;
  const own = { PORT: String(port), WEB_ROOT: join(root, 'dist/web'), ADMIN_TOKEN: token };
  Object.assign(plan.gateway, settings.gateway, own, { LAB: lab, LABS: asSetting(cards) });
  writeServicePlans(dir, plan);
  return plan;
}

/** JSON, without the quotes in which a file of settings puts it. */
const asSetting = (cards: readonly LabCard[]): string => JSON.stringify(cards).replaceAll("'", '\\u0027');

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
