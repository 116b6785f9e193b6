import { chownSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryDir } from './cache-dir.js';
import { browserUser } from './unprivileged.js';

export interface BrowserHome {
  readonly dir: string;
  remove(): void;
}

/**
 * A fresh directory for one browser's profile, and its removal. Its name says whose it is, so that those of owners who were killed
 * before they could remove theirs are swept here. A process id means something only among processes that see each other: where
 * containers share the directory, each leaves those of the others alone.
 */
export function makeBrowserHome(parent = process.platform === 'linux' ? temporaryDir() : tmpdir()): BrowserHome {
  sweepAbandoned(parent);
  const dir = mkdtempSync(join(parent, `lockstep-browser-${processSpace}-${process.pid}-`));
  const { uid, gid } = browserUser;
  if (uid !== undefined && gid !== undefined) chownSync(dir, uid, gid);
  return { dir, remove: () => remove(dir) };
}

function sweepAbandoned(parent: string): void {
  const name = new RegExp(`^lockstep-browser-${processSpace}-(\\d+)-\\w+$`);
  for (const entry of readdirSync(parent)) {
    const owner = name.exec(entry)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) removeIfOurs(join(parent, entry));
  }
}

/** What another user left is that user's to sweep. */
function removeIfOurs(dir: string): void {
  try {
    remove(dir);
  } catch (e) {
    if (!['EPERM', 'EACCES'].includes((e as NodeJS.ErrnoException).code ?? '')) throw e;
  }
}

const remove = (dir: string): void => rmSync(dir, { recursive: true, force: true, maxRetries: 5 });

/** "4026531836" of pid:[4026531836]; 0 where there is no such thing. Read at once: a process that becomes another user may not look. */
const processSpace = ((): string => {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
})();

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (e) {
    return (e as NodeJS.ErrnoException).code === 'EPERM';
  }
}
