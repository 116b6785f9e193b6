import { progressOf } from './progress.js';
import type { Database } from '#libs/platform/src/database.js';
import type { Metrics } from '#libs/platform/src/telemetry/metrics.js';

/** How far the service is, as gauges; read from the database when somebody asks for /metrics. */
export function observeBus({ meter }: Metrics, database: Database): void {
  const gauge = (name: string, description: string) => meter.createObservableGauge(`lockstep_${name}`, { description });
  const log = gauge('log_rows', 'rows of the log by state');
  const cursor = gauge('cursor', 'number up to which a log has been read');
  const held = gauge('held_events', 'events that could not be applied, by state');
  const work = gauge('work_rows', 'work by state');
  const oldest = gauge('work_oldest_due_seconds', 'how long the oldest due work has waited');
  const unread = gauge('reader_behind_rows', 'rows of the log that a reader has not told to have');
  const silent = gauge('reader_silent_seconds', 'how long ago a reader has told its cursor');
  const oldestHeld = gauge('held_oldest_seconds', 'how long the oldest dead letter has waited for a person');
  meter.addBatchObservableCallback(
    async (result) => {
      const progress = await progressOf(database);
      result.observe(log, progress.unnumbered, { state: 'unnumbered' });
      result.observe(log, progress.head - progress.published, { state: 'unpublished' });
      for (const [name, n] of Object.entries(progress.cursors)) result.observe(cursor, n, { log: name });
      for (const state of ['retrying', 'waiting', 'dead'] as const)
        result.observe(held, progress.held[state], { state });
      for (const state of ['due', 'leased', 'later'] as const) result.observe(work, progress.work[state], { state });
      result.observe(oldest, progress.work.oldestDueSeconds);
      for (const { reader, n, seconds } of await readersOf(database)) {
        result.observe(unread, Math.max(0, progress.head - n), { reader });
        result.observe(silent, seconds, { reader });
      }
      result.observe(oldestHeld, await oldestDeadSeconds(database));
    },
    [log, cursor, held, work, oldest, unread, silent, oldestHeld],
  );
}

/** A reader that never tells keeps the log from being pruned. */
const readersOf = (database: Database) =>
  database.query<{ reader: string; n: number; seconds: number }>(
    `select reader, n::float8 as n, extract(epoch from clock_timestamp() - told_at)::float8 as seconds from outbox_reader`,
  );

async function oldestDeadSeconds(database: Database): Promise<number> {
  const [row] = await database.query<{ seconds: number }>(
    `select coalesce(extract(epoch from clock_timestamp() - min(held_at)), 0)::float8 as seconds from held where state = 'dead'`,
  );
  return row?.seconds ?? 0;
}
