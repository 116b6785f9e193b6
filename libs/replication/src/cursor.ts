import type { Tx } from '#libs/platform/src/transaction.js';
import type { Runs } from './numbered-log.js';

/**
 * A reader's place in another log. Locked first and moved last, in the transaction of the effects, so that effect
 * and cursor are one: two readers at once wait for each other, and the second sees that its rows are done.
 */
export async function lockCursor(tx: Tx, log: string): Promise<number> {
  const lock = () => tx.query<{ n: number }>('select n::float8 as n from cursor where log = $1 for update', [log]);
  const [row] = await lock();
  if (row) return row.n;
  await tx.query('insert into cursor (log) values ($1) on conflict do nothing', [log]);
  return (await lock())[0]?.n ?? 0;
}

export async function readCursor(connection: Runs, log: string): Promise<number> {
  const [row] = await connection.query<{ n: number }>('select n::float8 as n from cursor where log = $1', [log]);
  return row?.n ?? 0;
}
