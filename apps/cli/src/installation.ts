import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readOrCreateSecrets } from '#libs/local/src/secrets.js';

/** The checkout that this program was built in. */
export const root = fileURLToPath(new URL('../../../../', import.meta.url)).replace(/\/$/, '');

/** What a running lab wrote down about itself, for other commands on this machine. No secrets. */
export interface RunFile {
  readonly url: string;
  readonly natsUrl: string;
  readonly dataDir: string;
  readonly pid: number;
}

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

/** LOCKSTEP_TOKEN, else the token of this installation, which only this user can read. */
export function apiToken(): string | undefined {
  const given = process.env['LOCKSTEP_TOKEN'];
  if (given) return given;
  const run = readRunFile();
  return run ? readOrCreateSecrets(run.dataDir, ['cliToken']).cliToken : undefined;
}
