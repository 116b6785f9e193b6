import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/** Replaces the file at `path` as a whole: a reader, or a crash at any moment, sees the old text or the new, never a part. */
export function writeAtomically(path: string, text: string, mode: number): void {
  const work = `${path}.${process.pid}.new`;
  rmSync(work, { force: true });
  const file = openSync(work, 'wx', mode);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(work, path);
}
