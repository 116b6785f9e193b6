import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { namedLab } from './chosen-lab.js';
import { UsageError } from './exit-code.js';
import { labDir } from './labs.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import { mainLab } from '#libs/contracts/src/labs.js';
import { writeAtomically } from '#libs/local/src/atomic-write.js';
import { dataDir, usualDataDirs } from '#libs/local/src/data-dir.js';
import type { ServiceEnv } from '#libs/local/src/service-plan.js';
import { forgetLab, notedLabs, noteLab, serviceEnvPath } from '#libs/platform/src/lab-files.js';

/** The checkout that this program was built in. */
export const root = fileURLToPath(new URL('../../../../', import.meta.url)).replace(/\/$/, '');

/** What a running lab wrote down about itself, for other commands on this machine. No secrets. */
export interface RunFile {
  readonly lab: string;
  readonly url: string;
  /** Without user and password. */
  readonly natsUrl: string;
  /** Ours has the user `staff`, whose password is in secrets.json; a given one is used with the user of its address. */
  readonly broker: 'ours' | 'given';
  /** Of the lab: the first one has that of the installation. */
  readonly dataDir: string;
  readonly pid: number;
}

/** The lab does not run, or cannot be reached: said in one line, with what to do. */
export class NotRunning extends Error {
  override readonly name = 'NotRunning';
}

/** No lab runs that the command could mean. */
export class NoLab extends NotRunning {}

const runFilePath = (dir: string): string => join(dir, 'run.json');

/** Where the data of this checkout's installation lie, or of the one that LOCKSTEP_DATA names; made if absent. */
export const labDataDir = (): string => dataDir(root);

export function writeRunFile(run: RunFile): void {
  writeAtomically(runFilePath(run.dataDir), JSON.stringify(run), 0o600);
  if (run.lab === mainLab) noteLab(root, run.dataDir); // it leads to the others
}

export function removeRunFile({ dataDir: dir }: Pick<RunFile, 'dataDir'>): void {
  rmSync(runFilePath(dir), { force: true });
  forgetLab(root, dir);
}

/** The lab that runs on these data; undefined when none does. One that was killed left its file, and not its process. */
export function labOn(dir: string): RunFile | undefined {
  try {
    const path = runFilePath(dir);
    if (statSync(path).uid !== (process.getuid?.() ?? 0)) return undefined; // somebody else may lay one where ours would be
    const run = JSON.parse(readFileSync(path, 'utf8')) as RunFile;
    return isAlive(run.pid) ? run : undefined;
  } catch {
    return undefined;
  }
}

/** The lab that a command speaks to: the one of the running installation that LOCKSTEP_LAB names, or its first. */
export function findLab(env: NodeJS.ProcessEnv = process.env, checkout = root): RunFile {
  const name = namedLab(env);
  const first = findInstallation(env, checkout);
  const lab = name === mainLab ? first : labOn(labDir(first.dataDir, name));
  if (lab) return lab;
  throw new NoLab(
    `No lab ${name} runs at ${first.url}. ./lockstep labs list shows those of the installation; one that was added starts with the next ./lockstep up.`,
  );
}

/**
 * The installation that a command speaks to, by its first lab: the one that LOCKSTEP_DATA names; else the one on the usual data of this
 * checkout; else the only one that was started from it on other data.
 */
function findInstallation(env: NodeJS.ProcessEnv, checkout: string): RunFile {
  const named = env['LOCKSTEP_DATA'];
  const usual = named ? [resolve(named)] : usualDataDirs(checkout);
  for (const dir of usual) {
    const lab = labOn(dir);
    if (lab) return lab;
  }
  const others = named ? [] : notedLabs(checkout).flatMap((dir) => labOn(dir) ?? []);
  if (others.length === 1) return others[0]!;
  if (others.length > 1)
    throw new NotRunning(
      `${others.length} labs run from this checkout. Say which one: LOCKSTEP_DATA=${others.map((lab) => lab.dataDir).join(' or ')}`,
    );
  throw new NoLab(
    named
      ? `No lab runs on LOCKSTEP_DATA=${named}. Start it there: LOCKSTEP_DATA=${named} ./lockstep up`
      : 'No lab runs from this checkout. Start one with ./lockstep up, or set LOCKSTEP_URL.',
  );
}

/** Where the API is: LOCKSTEP_URL, else the lab that runs here. */
export function apiUrl(env: NodeJS.ProcessEnv = process.env): string {
  const given = env['LOCKSTEP_URL']?.replace(/\/$/, '');
  if (!given) return findLab(env).url;
  if (!env['LOCKSTEP_LAB']) return given;
  throw new UsageError('LOCKSTEP_URL says already which lab is meant: leave it out, or --lab (LOCKSTEP_LAB).');
}

/** LOCKSTEP_TOKEN; else, for the lab that runs here and for no other host, the one that its start gave to its gateway. */
export function apiToken(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env['LOCKSTEP_TOKEN']) return env['LOCKSTEP_TOKEN'];
  if (env['LOCKSTEP_URL']) return undefined;
  return readServicePlan(findLab(env).dataDir, 'gateway')['ADMIN_TOKEN'];
}

/** Writes down the environment of each service, readable by this user only: a second instance, `lockstep db` and `nest start` use it. */
export function writeServicePlans(dir: string, plan: Readonly<Record<ServiceName, ServiceEnv>>): void {
  for (const [service, env] of Object.entries(plan)) {
    const own = { ...env, PORT: '0', LOG_FILE: undefined };
    const lines = Object.entries(own).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${value.includes('"') ? `'${value}'` : JSON.stringify(value)}`],
    );
    const path = serviceEnvPath(dir, service);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeAtomically(path, `${lines.join('\n')}\n`, 0o600);
  }
}

/** What the last start on these data told a service. */
export function readServicePlan(dir: string, service: ServiceName): ServiceEnv {
  const path = serviceEnvPath(dir, service);
  if (existsSync(path)) return parseEnv(readFileSync(path, 'utf8')) as ServiceEnv;
  throw new NotRunning(`No lab has been started on ${dir} yet. Start it with ./lockstep up.`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
