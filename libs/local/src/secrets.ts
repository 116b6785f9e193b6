import { randomBytes } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from './atomic-write.js';

/**
 * The secrets `names`, kept in `<dir>/secrets.json` (mode 0600): 256 random bits each, URL-safe text. Those that are missing
 * are created, others in the file stay. Throws a sentence when the file is broken or others can read it.
 * Two processes must not create at once: hold the data lock.
 */
export function readOrCreateSecrets<Name extends string>(dir: string, names: readonly Name[]): Record<Name, string> {
  const path = join(dir, 'secrets.json');
  const known = readSecrets(path);
  const missing = names.filter((name) => known[name] === undefined);
  for (const name of missing) known[name] = randomBytes(32).toString('base64url');
  if (missing.length > 0) writeAtomically(path, `${JSON.stringify(known, undefined, 2)}\n`, 0o600);
  return Object.fromEntries(names.map((name) => [name, known[name]])) as Record<Name, string>;
}

/** A secret that an earlier start has made; undefined when there is none. Makes nothing, so it needs no lock. */
export const readSecret = (dir: string, name: string): string | undefined =>
  readSecrets(join(dir, 'secrets.json'))[name];

function readSecrets(path: string): Record<string, string> {
  const file = lstatSync(path, { throwIfNoEntry: false });
  if (!file) return {};
  if (!file.isFile() || (file.mode & 0o077) !== 0) {
    throw new Error(`Others can read ${path}. If they had no way to, run: chmod 600 ${path}`);
  }
  const broken = new Error(`${path} cannot be read as secrets. Put the right file back; it is the key to your data.`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (e) {
    broken.cause = e;
    throw broken;
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw broken;
  if (!Object.values(content).every((value) => typeof value === 'string' && value !== '')) throw broken;
  return { ...content };
}
