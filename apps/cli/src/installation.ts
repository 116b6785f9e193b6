import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';

/** The checkout that this program was built in. */
export const root = fileURLToPath(new URL('../../../../', import.meta.url)).replace(/\/$/, '');

/** What a running lab wrote down about itself, for other commands on this machine. No secrets. */
export interface RunFile {
  readonly url: string;
  readonly natsUrl: string;
  readonly dataDir: string;
  readonly pid: number;
}

/** The environment that the last start gave each service, readable by this user only. */
export const servicePlanPath = (service: string): string => join(root, '.lockstep', 'env', `${service}.env`);

export const runFilePath = (): string => join(root, '.lockstep', 'run.json');

export function readRunFile(): RunFile | undefined {
  const path = runFilePath();
  if (!existsSync(path)) return undefined;
  return JSON.parse(readFileSync(path, 'utf8')) as RunFile;
}

/** The lab does not run, or cannot be reached: said in one line, with what to do. */
export class NotRunning extends Error {
  override readonly name = 'NotRunning';
}

/** Where the API is: LOCKSTEP_URL, else the lab that runs from this checkout. */
export function apiUrl(): string {
  const given = process.env['LOCKSTEP_URL'];
  if (given) return given.replace(/\/$/, '');
  const run = readRunFile();
  if (!run) throw new NotRunning('No lab runs from this checkout. Start one with ./lockstep up, or set LOCKSTEP_URL.');
  return run.url;
}

/** LOCKSTEP_TOKEN, else the one that the last start gave its gateway. */
export function apiToken(): string | undefined {
  const given = process.env['LOCKSTEP_TOKEN'];
  if (given) return given;
  const plan = servicePlanPath('gateway');
  return existsSync(plan) ? parseEnv(readFileSync(plan, 'utf8'))['ADMIN_TOKEN'] : undefined;
}
