import { chmodSync, lstatSync, mkdirSync } from 'node:fs';

/**
 * Makes sure that `dir` is ours: a real directory (no link), owned by us, that nobody else may write to. Creates it with
 * exactly `mode`, whatever the umask. Throws a sentence when somebody else prepared it: what lies in there cannot be trusted.
 */
export function ownDirectory(dir: string, mode: number): string {
  if (mkdirSync(dir, { recursive: true, mode }) !== undefined) chmodSync(dir, mode);
  const found = lstatSync(dir);
  const foreign = found.uid !== (process.getuid?.() ?? found.uid);
  if (!found.isDirectory() || foreign || (found.mode & 0o022) !== 0) {
    throw new Error(`${dir} is not safe to use: it must be a directory of your own that nobody else can write to.`);
  }
  return dir;
}
