// Guarantees: a per-user cache that other users can read but not write, never one that somebody else prepared.
// An entry is made whole or not at all. Temporary directories get swept: one that lost a file is made again.
import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ownDirectory } from './own-directory.js';

/** Below /var/tmp before /tmp: the entries take some 270 MB, and /tmp is memory on many machines. */
export function cacheDir(): string {
  const name = `lockstep-cache-${process.getuid?.() ?? 0}`;
  return ownDirectory(resolve(process.env.LOCKSTEP_CACHE ?? join(temporaryDir(), name)), 0o755);
}

/** A directory where programs of any user may put things that outlive a restart of the machine, if there is one. */
export function temporaryDir(): string {
  try {
    accessSync('/var/tmp', constants.W_OK | constants.X_OK);
    return '/var/tmp';
  } catch {
    return tmpdir();
  }
}

/** The directory of the cache entry `name`; `fill` makes its content in a work directory when it is absent or damaged. */
export async function cached(name: string, fill: (work: string) => Promise<void>): Promise<string> {
  const entry = join(cacheDir(), name);
  if (isWhole(entry)) return entry;
  sweepAbandoned(name);
  const work = mkdtempSync(`${entry}.new-`);
  try {
    await fill(work);
    seal(work);
    moveInto(entry, work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return entry;
}

const MANIFEST = '.files.json';

function filesBelow(dir: string): string[] {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true });
  return entries.filter((e) => !e.isDirectory()).map((e) => join(e.parentPath, e.name).slice(dir.length + 1));
}

/** Other users get to read and run what we can read and run, whatever our umask; then the list of files is written. */
function seal(dir: string): void {
  for (const entry of ['.', ...readdirSync(dir, { recursive: true, encoding: 'utf8' })]) {
    const { mode } = lstatSync(join(dir, entry));
    if ((mode & constants.S_IFMT) === constants.S_IFLNK) continue;
    chmodSync(join(dir, entry), ((mode & 0o755) | 0o444 | (mode & 0o100 ? 0o111 : 0)) & 0o755);
  }
  const files = filesBelow(dir).map((file) => [file, lstatSync(join(dir, file)).size]);
  writeFileSync(join(dir, MANIFEST), JSON.stringify(files));
}

function isWhole(entry: string): boolean {
  try {
    const files = JSON.parse(readFileSync(join(entry, MANIFEST), 'utf8')) as [string, number][];
    return files.every(([file, size]) => lstatSync(join(entry, file)).size === size);
  } catch {
    return false;
  }
}

function moveInto(entry: string, work: string): void {
  const damaged = `${work}.damaged`;
  try {
    if (!isWhole(entry)) renameSync(entry, damaged);
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'ENOENT') throw e;
  }
  try {
    renameSync(work, entry);
  } catch (e) {
    if (!isWhole(entry)) throw e; // else another process was faster, with the same content
  }
  rmSync(damaged, { recursive: true, force: true });
}

const ABANDONED_MS = 3_600_000;

/** Removes what a killed process left half made. */
function sweepAbandoned(name: string): void {
  for (const other of readdirSync(cacheDir()).filter((file) => file.startsWith(`${name}.new-`))) {
    const path = join(cacheDir(), other);
    const made = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (made !== undefined && made < Date.now() - ABANDONED_MS) rmSync(path, { recursive: true, force: true });
  }
}
