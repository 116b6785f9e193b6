import { overruled, type Given } from '../domain/override.js';
import type { ComparisonSummary } from '#libs/contracts/src/comparator.js';
import type { Override } from '#libs/contracts/src/overrides.js';

/** A comparison with its app's name, as the database gives it; joins `comparison` and `app`. */
export const summaryColumns = `comparison_id as "comparisonId", comparison.batch_id as "batchId", comparison.app_id as "appId", app.name as "appName",
  comparison.trigger, state, verdict, sentence, comparison.requested_at as "requestedAt", computed_at as "computedAt", trace_id as "traceId",
  override`;

export type SummaryRow = Omit<ComparisonSummary, 'override'> & {
  requestedAt: string;
  computedAt: string | null;
  override: Given | null;
};

/** As everybody is shown it: where staff overruled it, their verdict, with its own beside it. */
export const toSummary = (row: SummaryRow): ComparisonSummary => ({
  comparisonId: row.comparisonId,
  batchId: row.batchId,
  appId: row.appId,
  appName: row.appName,
  trigger: row.trigger,
  state: row.state,
  verdict: row.verdict,
  sentence: row.sentence,
  requestedAt: iso(row.requestedAt)!,
  computedAt: iso(row.computedAt),
  traceId: row.traceId,
  ...(row.override && overruled({ verdict: row.verdict, sentence: row.sentence } as Override['machine'], row.override)),
});

/** `2026-11-26 09:30:00.123456+00`, as Postgres writes a time in the zone that our connections have; in JSON with T and `+00:00`. */
const asWritten = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d+))?\+00(?::00)?$/;

/** A time of the database as ISO 8601 with milliseconds. There are hundreds in every look. */
export function iso(time: string | null): string | null {
  if (time === null) return null;
  const parts = asWritten.exec(time);
  if (!parts) return new Date(time).toISOString();
  const [, day, clock, fraction = ''] = parts;
  return `${day}T${clock}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
}
