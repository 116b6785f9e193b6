import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const built = resolve('dist/e2e');
const sources = ['apps/web/{*.*,src/**,dev/**,public/**}', 'libs/*/src/**', 'vite.config.ts', 'package-lock.json'];
const keptMs = 3_600_000;

/**
 * The pages as they are shipped, apart from dist/web, which a gateway may be serving; returns the folder. Its name is that of their
 * sources, so the files of one run share a build, and what was changed is built anew. It appears whole or not at all.
 */
export async function buildPages(): Promise<string> {
  const webRoot = `${built}/web-of-${nameOfSources()}`;
  if (existsSync(webRoot)) return webRoot;
  for (const old of globSync(`${built}/web-of-*`))
    if (ageMs(old) > keptMs) rmSync(old, { recursive: true, force: true });
  const work = `${webRoot}.${process.pid}`;
  const build = ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'error', '--outDir', work];
  await promisify(execFile)(process.execPath, build, { env: { ...process.env, NODE_ENV: 'production' } });
  try {
    renameSync(work, webRoot);
  } catch (error) {
    if (!existsSync(webRoot)) throw error; // else another worker was first
    rmSync(work, { recursive: true });
  }
  return webRoot;
}

function nameOfSources(): string {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((one) => globSync(one)).toSorted())
    if (statSync(file).isFile()) hash.update(`${file}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/** Of a folder that another worker may just have removed. */
const ageMs = (folder: string): number =>
  Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
