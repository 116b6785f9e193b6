import { readersOf } from './subjects.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import type { Logger } from '#libs/platform/src/logger.js';
import { prune, type Runs } from '#libs/replication/src/numbered-log.js';

/** Rows of the log until all readers have them and this long; what proves the ledger, longer; discarded events, longest. */
const keepHours = { log: 24, applied: 48, answers: 48, discarded: 30 * 24 };
/** Rows of one statement, so that nobody waits long for it. */
const rowsMax = 5_000;
/** A service that is never idle is swept all the same, after so many times its usual interval. */
const overdueTimes = 10;

/** What the bus keeps of itself goes when its time is over: in the idle moments of the leader, a few thousand rows at a time. */
export class Retention {
  private dueAt: number;

  constructor(
    private readonly parts: {
      readonly connection: Runs;
      readonly service: ServiceName;
      readonly logger: Logger;
      readonly everyMs: number;
    },
  ) {
    this.dueAt = performance.now() + parts.everyMs;
  }

  /** Never throws: what could not be deleted is deleted next time. */
  async sweepIfDue(idle: boolean): Promise<void> {
    const { everyMs, logger } = this.parts;
    const lateMs = performance.now() - this.dueAt;
    if (lateMs < 0 || (!idle && lateMs < everyMs * overdueTimes)) return;
    try {
      const isMore = await this.sweep();
      this.dueAt = performance.now() + (isMore ? 0 : everyMs);
    } catch (error) {
      this.dueAt = performance.now() + everyMs;
      logger.warn({ err: error }, 'old rows were not deleted; they are next time');
    }
  }

  /** True when there may be more to delete. */
  private async sweep(): Promise<boolean> {
    const { connection, service } = this.parts;
    const counts = [
      await prune(connection, readersOf(service), keepHours.log, rowsMax),
      await sweepApplied(connection, keepHours.applied),
      await deleteOlder(connection, `delete from answered where key_hash in (select key_hash from answered where at < $1 limit $2)`, keepHours.answers), // prettier-ignore
      await deleteOlder(connection, `delete from held where event_id in (select event_id from held where state = 'discarded' and held_at < $1 limit $2)`, keepHours.discarded), // prettier-ignore
    ];
    return counts.includes(rowsMax);
  }
}

async function deleteOlder(connection: Runs, sql: string, hours: number): Promise<number> {
  const before = `clock_timestamp() - make_interval(hours => ${hours})`;
  return (await connection.query(`${sql.replace('$1', before).replace('$2', String(rowsMax))} returning 1`)).length;
}

/** The ledger has to know up to where its proof is gone: below that mark nothing can be called lost. */
export async function sweepApplied(connection: Runs, hours: number): Promise<number> {
  const [row] = await connection.query<{ count: number }>(
    `with gone as (delete from applied where position in (select position from applied order by position limit ${rowsMax})
                   and at < clock_timestamp() - make_interval(hours => $1) returning log, n),
          marked as (insert into applied_swept (log, n) select log, max(n) from gone group by log
                     on conflict (log) do update set n = greatest(applied_swept.n, excluded.n))
     select count(*)::float8 as count from gone`,
    [hours],
  );
  return row?.count ?? 0;
}
