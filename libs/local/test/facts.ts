import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** The first column of what the (last) statement answers, on a connection of its own. */
export async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const results = [await client.query<Record<string, unknown>>(text)].flat(); // several statements give several
    return results.at(-1)!.rows.map((row) => Object.values(row)[0]);
  } finally {
    await client.end();
  }
}

/** Asks again until `look` answers without throwing; throws its last error after `deadlineMs`. */
export async function eventually<T>(look: () => T | Promise<T>, deadlineMs = 10_000): Promise<T> {
  for (const end = performance.now() + deadlineMs; ; await pause(20)) {
    try {
      return await look();
    } catch (e) {
      if (performance.now() > end) throw e;
    }
  }
}

/** False for one that ended and that nobody asked about: who is killed with its parent may stay in the table of processes. */
export function isAlive(pid: number): boolean {
  return (
    spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
      .stdout.trim()
      .replace(/^Z.*/, '') !== ''
  );
}
