import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDir } from './cache-dir.js';
import { DATA_DIR_MODE } from './data-dir.js';
import { ownDirectory } from './own-directory.js';

const memory = '/dev/shm';
const name = 'lockstep-test-';
const gib = 2 ** 30;

/**
 * An empty directory for data that a test throws away, and its removal. In memory where there is plenty of both: on a disk a new
 * Postgres cluster costs a busy machine seconds of writing. `onDisk`: where a test asks what a disk does.
 */
export function throwawayDataDir({ onDisk = false } = {}): { dir: string; remove(): void } {
  const isTest = process.env['JEST_WORKER_ID'] !== undefined; // benches and soaks have the disk that everybody has
  const parent = isTest && !onDisk && isMemoryPlenty() ? memory : temporaryDir();
  if (parent === memory) removeThoseOfTheDead();
  const dir = ownDirectory(join(parent, `${name}${process.pid}-${randomBytes(6).toString('hex')}`), DATA_DIR_MODE);
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A container has 64 MB there, as a rule; other systems have none. */
function isMemoryPlenty(): boolean {
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize > 4 * gib && process.availableMemory() > 6 * gib;
  } catch {
    return false;
  }
}

/** A run that was killed leaves its data, and memory is dearer than disk. Its servers have ended with it. */
function removeThoseOfTheDead(): void {
  for (const entry of readdirSync(memory)) {
    const pid = entry.startsWith(name) ? Number(entry.slice(name.length).split('-')[0]) : 0;
    if (pid > 0 && !isAlive(pid)) rmSync(join(memory, entry), { recursive: true, force: true, maxRetries: 5 });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (e) {
    return (e as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
