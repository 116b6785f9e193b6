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
    },
    [log, cursor, held, work, oldest],
  );
}
