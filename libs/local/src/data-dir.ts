import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryDir } from './cache-dir.js';
import { ownDirectory } from './own-directory.js';
import { postgresUser } from './unprivileged.js';

/**
 * The directory for all local data of the clone at `root`, made if absent: `LOCKSTEP_DATA`, else `<root>/.lockstep`, else,
 * when Postgres cannot get there (we are root and a parent directory is closed, or the clone is read-only),
 * `/var/tmp/lockstep-<uid>-<hash of root>`. A place that holds data already is preferred, so that data do not vanish when
 * permissions change. Everything in it is ours and closed to others; only `postgres/` belongs to the user Postgres runs as.
 */
export function dataDir(root: string, env: NodeJS.ProcessEnv = process.env): string {
  if (env.LOCKSTEP_DATA) {
    const dir = ownDirectory(env.LOCKSTEP_DATA, DATA_DIR_MODE);
    if (reachable(dir)) return realpathSync(dir);
    throw new Error(`Postgres cannot get into LOCKSTEP_DATA=${dir}. Choose a directory whose parents are open to all.`);
  }
  const [inClone, outside] = usualDataDirs(root);
  const usable = (dir: string) => reachable(dirname(dir)) && isOurs(dir) && reachable(dir);
  const dir = [inClone, outside].filter(existsSync).find((d) => existsSync(join(d, 'postgres')) && usable(d));
  return realpathSync(dir ?? (usable(inClone) ? inClone : ownDirectory(outside, DATA_DIR_MODE)));
}

/** Where the data of the clone at `root` may lie, without LOCKSTEP_DATA: in it, or beside it. Makes nothing. */
export function usualDataDirs(root: string): [inClone: string, outside: string] {
  const hash = createHash('sha256').update(realpathSync(root)).digest('hex').slice(0, 12);
  return [join(root, '.lockstep'), join(temporaryDir(), `lockstep-${process.getuid?.() ?? 0}-${hash}`)];
}

/** As root, 0711: the user of Postgres walks through to its own folder and sees nothing else. */
export const DATA_DIR_MODE = postgresUser.uid === undefined ? 0o700 : 0o711;

function isOurs(dir: string): boolean {
  try {
    ownDirectory(dir, DATA_DIR_MODE);
    return true;
  } catch {
    return false;
  }
}

/**
 * True when we may write to `dir` and the user Postgres runs as can walk into it. Asks the kernel, as that user: modes alone
 * do not tell, there are also access lists and mount options.
 */
export function reachable(dir: string): boolean {
  try {
    accessSync(dir, constants.W_OK | constants.X_OK);
  } catch {
    return false;
  }
  const enter = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', dir], { ...postgresUser, cwd: '/', stdio: 'ignore' });
  return enter.status === 0;
}
