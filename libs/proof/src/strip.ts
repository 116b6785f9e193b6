import type { ProbePlan } from './plan.js';
import { isFailure, type ProbeRecord, type Sample } from './record.js';

/** From best to worst: nothing yet, answered, not seen by us, a write that the next read did not show, down. */
export const cells = ['none', 'up', 'unseen', 'stale', 'down'] as const;
export type Cell = (typeof cells)[number];

/** The window in equal cells, from left to right; the worst of a cell wins, so that no outage hides in a wide one. */
export function stripOf(plan: ProbePlan, records: readonly ProbeRecord[], untilMs: number, count: number): Cell[] {
  const width = plan.lengthMs / count;
  const worst = Array.from({ length: count }, (_, i): Cell => ((i + 1) * width <= untilMs ? 'unseen' : 'none'));
  const wasSeen = new Set<number>();
  for (const record of records) {
    if (record.kind !== 'sample' || record.dueMs >= plan.lengthMs) continue;
    const i = Math.floor(record.dueMs / width);
    const cell = cellOf(record);
    if (!wasSeen.has(i) || cells.indexOf(cell) > cells.indexOf(worst[i]!)) worst[i] = cell;
    wasSeen.add(i);
  }
  return worst;
}

function cellOf(sample: Sample): Cell {
  if (sample.outcome === 'ours') return 'unseen';
  if (sample.outcome === 'stale') return 'stale';
  return isFailure(sample) ? 'down' : 'up';
}
