import { summaryOf } from './fixture-comparisons.js';
import { found, staff, type Route } from './fixture-route.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';
import type { GivenVerdict, Override } from '#libs/contracts/src/overrides.js';
import type { ListUnknown } from '#libs/contracts/src/unknown.js';

/** The row as the leaderboard makes it of what staff say; `verdict` null takes it back. */
export function overruledRow(row: BoardRow, verdict: GivenVerdict | null, reason: string, at: string): BoardRow {
  const { override: before, ...own } = row;
  const machine = before?.machine ?? { verdict: row.verdict as GivenVerdict, sentence: row.sentence };
  const last = { ...own, ...machine, recent: [...row.recent.slice(0, -1), machine.verdict] };
  if (verdict === null) return last;
  const override: Override = { verdict, reason, by: 'teacher', at, machine };
  const words = { 'in-sync': 'In sync', 'out-of-sync': 'Out of sync', unreachable: 'Unreachable', unknown: 'Unknown' };
  const sentence = `${words[verdict]}, as staff decided; the comparison said ${words[machine.verdict].toLowerCase()}. ${reason}`;
  return { ...last, verdict, sentence, override, recent: [...row.recent.slice(0, -1), verdict] };
}

export const overrideVerdict: Route[2] = staff(({ lab, parts: [id], body }) => {
  const row = found(
    lab.board.view().rows.find((one) => one.comparisonId === id),
    'comparison',
  );
  const { verdict, reason } = body as { verdict: GivenVerdict | null; reason: string };
  const at = new Date().toISOString();
  const after = overruledRow(row, verdict, reason, at);
  lab.overrides.set(id!, [{ verdict, reason, by: 'teacher', at }, ...(lab.overrides.get(id!) ?? [])]);
  lab.board.change([after]);
  const override = after.override ? { override: after.override } : {};
  return { body: { comparisonId: id, verdict: after.verdict, sentence: after.sentence, ...override } };
});

export function unknownOf(rows: readonly BoardRow[]): ReplyOf<typeof ListUnknown> {
  const comparisons = rows
    .filter(({ verdict, comparisonId }) => verdict === 'unknown' && comparisonId !== null)
    .map((row) => ({ ...summaryOf(row), side: 'baseline' as const, isNewest: true, takesPart: true }));
  return { comparisons, total: comparisons.length, next: null };
}
