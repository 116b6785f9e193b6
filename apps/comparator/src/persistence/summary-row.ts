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

export const iso = (time: string | null): string | null => (time === null ? null : new Date(time).toISOString());
