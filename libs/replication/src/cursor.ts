import type { Tx } from '#libs/platform/src/transaction.js';
import type { Runs } from './numbered-log.js';

/** A reader's place in another log. `logId`: of which log; null before the first row of it was read. */
export interface Cursor {
  readonly n: number;
  readonly logId: string | null;
}

const beginning: Cursor = { n: 0, logId: null };
const columns = 'n::float8 as n, log_id as "logId"';

/**
 * Locked first and moved last, in the transaction of the effects, so that effect and cursor are one: two readers at once wait
 * for each other, and the second sees that its rows are done.
 */
export async function lockCursor(tx: Tx, log: string): Promise<Cursor> {
  const lock = () => tx.query<Cursor>(`select ${columns} from cursor where log = $1 for update`, [log]);
  const [row] = await lock();
  if (row) return row;
  await tx.query('insert into cursor (log) values ($1) on conflict do nothing', [log]);
  return (await lock())[0] ?? beginning;
}

export async function readCursor(connection: Runs, log: string): Promise<Cursor> {
  const [row] = await connection.query<Cursor>(`select ${columns} from cursor where log = $1`, [log]);
  return row ?? beginning;
}
