import { countHeld } from './held-events.js';
import type { Progress } from '#libs/contracts/src/operations.js';
import { head, type Runs } from '#libs/replication/src/numbered-log.js';

/** How far a service is: its log, its cursors, what it holds back, what work is due. */
export async function progressOf(connection: Runs): Promise<Progress> {
  const { n, published, unnumbered } = await head(connection);
  const cursors = await connection.query<{ log: string; n: number }>('select log, n::float8 as n from cursor');
  const [work] = await connection.query<Progress['work']>(
    `select count(*) filter (where due_at <= clock_timestamp() and coalesce(lease_until, '-infinity') < clock_timestamp())::float8 as due,
            count(*) filter (where lease_until >= clock_timestamp())::float8 as leased,
            count(*) filter (where due_at > clock_timestamp() and coalesce(lease_until, '-infinity') < clock_timestamp())::float8 as later,
            coalesce(greatest(0, extract(epoch from clock_timestamp() - min(due_at))), 0)::float8 as "oldestDueSeconds"
     from work`,
  );
  return {
    head: n,
    published,
    unnumbered,
    cursors: Object.fromEntries(cursors.map((cursor) => [cursor.log, cursor.n])),
    held: {
      retrying: await countHeld(connection, { states: ['retrying'] }),
      waiting: await countHeld(connection, { states: ['waiting'] }),
      dead: await countHeld(connection, { states: ['dead'] }),
    },
    work: work ?? { due: 0, leased: 0, later: 0, oldestDueSeconds: 0 },
  };
}
