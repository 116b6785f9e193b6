import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { writeAtomically } from './atomic-write.js';

export interface DataLock {
  /** Tells whoever comes second where the winner is to be found: "http://localhost:8000". */
  setAddress(address: string): void;
  release(): void;
}

/** The lock is taken; the message names the winner and is meant for the user. */
export class DataInUse extends Error {}

/**
 * Takes `dir` for this process alone, or throws DataInUse. The lock is the kernel's (a file lock, taken through SQLite
 * because Node has no call for it): it ends with the process, kill -9 included, so no left-over file has to be judged,
 * no process id can be mistaken for another, and two containers that share the directory exclude each other too.
 */
export function acquireLock(dir: string): DataLock {
  const file = join(dir, 'lock');
  closeSync(openSync(file, 'a', 0o600)); // who cannot open it cannot hold it against us
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('pragma journal_mode = off; begin exclusive');
  } catch (e) {
    lock.close();
    const busy = (e as { errcode?: number }).errcode === SQLITE_BUSY;
    throw busy ? new DataInUse(describeWinner(dir)) : new Error(`${dir} cannot be locked`, { cause: e });
  }
  held.add(lock);
  const tell = (address?: string) =>
    writeAtomically(join(dir, 'owner.json'), JSON.stringify({ pid: process.pid, address }), 0o600);
  tell();
  return {
    setAddress: tell,
    release: () => {
      if (held.delete(lock)) lock.close();
    },
  };
}

const SQLITE_BUSY = 5;

/** A lock that nobody refers to would be closed by the garbage collector. */
const held = new Set<DatabaseSync>();

function describeWinner(dir: string): string {
  const { pid, address } = readOwner(dir);
  const who = pid === undefined ? 'another process' : `process ${pid}`;
  const where = address === undefined ? '' : ` at ${address}`;
  const stop = pid === undefined ? 'Stop it' : `Stop it (kill ${pid})`;
  return `Lockstep is already running on ${dir}: ${who}${where}. ${stop}, or give this one data and a port of its own: LOCKSTEP_DATA=<directory> PORT=8001 ./lockstep up`;
}

/** The winner writes its note a moment after it has won: until then it is absent, or names the one before, which is dead. */
function readOwner(dir: string): { pid?: number; address?: string } {
  try {
    const owner = JSON.parse(readFileSync(join(dir, 'owner.json'), 'utf8')) as { pid: number; address?: string };
    return isAlive(owner.pid) ? owner : {};
  } catch {
    return {};
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (e) {
    return (e as NodeJS.ErrnoException).code === 'EPERM';
  }
}
