import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What a lab leaves on this machine for others to find it. Everything it writes down lies with its data, so that two labs of one
 * checkout do not disturb each other; in the checkout, where that can be written to, there is only a note of where the data are.
 */
export const serviceEnvPath = (dataDir: string, service: string): string => join(dataDir, 'env', `${service}.env`);

const notesDir = (root: string): string => join(root, '.lockstep', 'labs');
const noteOf = (root: string, dataDir: string): string =>
  join(notesDir(root), createHash('sha256').update(dataDir).digest('hex').slice(0, 12));

/** Notes in the checkout at `root` that a lab runs on `dataDir`. Without the right to write there, LOCKSTEP_DATA has to lead to it. */
export function noteLab(root: string, dataDir: string): void {
  try {
    mkdirSync(notesDir(root), { recursive: true, mode: 0o711 });
    writeFileSync(noteOf(root, dataDir), `${dataDir}\n`, { mode: 0o600 });
  } catch (error) {
    if (!cannotWrite(error)) throw error;
  }
}

export function forgetLab(root: string, dataDir: string): void {
  try {
    rmSync(noteOf(root, dataDir), { force: true });
  } catch (error) {
    if (!cannotWrite(error)) throw error;
  }
}

/** The data directories that were noted. A lab that was killed leaves its note behind: look whether it runs. */
export function notedLabs(root: string): string[] {
  try {
    return readdirSync(notesDir(root)).map((name) => readFileSync(join(notesDir(root), name), 'utf8').trim());
  } catch (error) {
    if (isAbsent(error) || cannotRead(error)) return [];
    throw error;
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
const isAbsent = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
const cannotRead = (error: unknown): boolean => ['EACCES', 'EPERM'].includes(codeOf(error));
const cannotWrite = (error: unknown): boolean =>
  cannotRead(error) || ['EROFS', 'EEXIST', 'ENOTDIR'].includes(codeOf(error));
