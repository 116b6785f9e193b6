import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cacheDir, cached } from './cache-dir.js';
import { run } from './child.js';
import { isVersionEnough, natsVersionMin } from './nats-version.js';
import type { Progress } from './progress.js';

/**
 * The path of a nats-server 2.9.10 or newer, found without root: `NATS_SERVER`, PATH, the cache, else the Debian package,
 * downloaded through apt's signed sources and only unpacked, else Homebrew. Throws a sentence that says what to install.
 */
export async function findNatsServer(onProgress: Progress, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  if (env.NATS_SERVER) {
    if (await isRecentEnough(env.NATS_SERVER)) return env.NATS_SERVER;
    throw new Error(`NATS_SERVER=${env.NATS_SERVER} is no nats-server ${natsVersionMin} or newer.`);
  }
  const installed = await firstOnPath(env);
  if (installed) return installed;
  try {
    return await installNatsServer(onProgress, env);
  } catch (e) {
    throw new Error(
      `nats-server is not on this machine and could not be fetched. Install it (Debian, Ubuntu: apt-get install nats-server; ` +
        `macOS: brew install nats-server; others: github.com/nats-io/nats-server/releases), or set NATS_SERVER to its path, ` +
        `or set NATS_URL to a server that runs. The reason: ${(e as Error).message}`,
      { cause: e },
    );
  }
}

async function firstOnPath(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const dirs = [
    ...(env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/usr/local/bin',
    '/opt/homebrew/bin',
  ];
  for (const path of new Set(dirs.map((dir) => join(dir, 'nats-server')))) {
    if (existsSync(path) && (await isRecentEnough(path))) return path;
  }
  return undefined;
}

async function isRecentEnough(path: string): Promise<boolean> {
  try {
    return isVersionEnough(await run(path, ['--version'], { deadlineMs: 10_000 }));
  } catch {
    return false;
  }
}

async function installNatsServer(onProgress: Progress, env: NodeJS.ProcessEnv): Promise<string> {
  if (process.platform === 'darwin') {
    onProgress.step('Installing nats-server with Homebrew');
    await run('brew', ['install', '--quiet', 'nats-server'], { env, deadlineMs: 300_000 });
    const path = await firstOnPath(env);
    if (path) return path;
    throw new Error('Homebrew installed it, but it is not on PATH');
  }
  const entry = await cached(`nats-server-${process.arch}`, async (work) => {
    onProgress.step('Fetching nats-server (Debian package, 4 MB)');
    await unpackDebianPackage(work);
    onProgress.done('nats-server fetched with apt and unpacked; nothing was installed');
  });
  const path = join(entry, 'usr', 'sbin', 'nats-server');
  if (await isRecentEnough(path)) return path;
  throw new Error(`the Debian package is older than ${natsVersionMin}, or programs may not run in ${cacheDir()}`);
}

async function unpackDebianPackage(target: string): Promise<void> {
  const work = await mkdtemp(join(cacheDir(), 'apt-'));
  try {
    // A fresh machine has no package lists, and an ordinary user may not fetch them for all: then we fetch our own.
    await downloadPackage(work, []).catch(async () => {
      const own = ownLists(work);
      await run('apt-get', [...APT, ...own, 'update'], { cwd: work, deadlineMs: 120_000 });
      await downloadPackage(work, own);
    });
    const deb = readdirSync(work).find((file) => file.endsWith('.deb'));
    if (!deb) throw new Error('apt-get downloaded no package');
    await run('dpkg', ['-x', deb, 'root'], { cwd: work, deadlineMs: 60_000 });
    await rm(target, { recursive: true });
    await rename(join(work, 'root'), target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** apt's own unprivileged user could not get into our directories. */
const APT = ['-qq', '-o', 'APT::Sandbox::User=', '-o', 'Acquire::http::Timeout=20', '-o', 'Acquire::Retries=1'];

const downloadPackage = (work: string, more: readonly string[]): Promise<string> =>
  run('apt-get', [...APT, ...more, 'download', 'nats-server'], { cwd: work, deadlineMs: 120_000 });

function ownLists(work: string): string[] {
  for (const dir of ['state/lists/partial', 'cache/archives/partial']) mkdirSync(join(work, dir), { recursive: true });
  const places = { 'Dir::State': join(work, 'state'), 'Dir::Cache': join(work, 'cache') };
  const options = { ...places, 'Dir::State::status': '/var/lib/dpkg/status' };
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}
