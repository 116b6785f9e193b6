import { newestJudgementMs, ranks, type Ranked } from './ranking.js';
import { isTooOld, rankedBy, type Standing } from './standing.js';
import type { PreviewedVerdict, RankMove } from '#libs/contracts/src/board-preview.js';

/** Of an app on the board: what decides its rank, and what it is called. */
export type OnBoard = Ranked & Pick<Standing, 'known' | 'name' | 'joinedAt' | 'comparedAt'>;

/**
 * Whose rank would be another if these verdicts were said now, best first; and how many would keep theirs. A verdict goes on top of what
 * is shown, exactly as it would when it is heard; of two of one app the later one counts.
 */
export function rankMoves(
  board: readonly OnBoard[],
  verdicts: readonly PreviewedVerdict[],
): { moves: RankMove[]; unchanged: number } {
  const said = new Map(verdicts.map((verdict) => [verdict.appId, verdict]));
  const next = afterNewest(board);
  const before = ranks(board);
  const after = ranks(board.map((sheet) => withVerdict(sheet, said.get(sheet.appId), next)));
  const moves = board.flatMap(({ appId, name }) => {
    const [from, to] = [before.get(appId) ?? null, after.get(appId)];
    return to === undefined || to === from ? [] : [{ appId, appName: name, rank: { from, to } }];
  });
  const byRank = (a: RankMove, b: RankMove) => a.rank.to - b.rank.to || a.appName.localeCompare(b.appName);
  return { moves: moves.toSorted(byRank), unchanged: after.size - moves.length };
}

/**
 * When that is said which has no time yet: a millisecond after the newest judgement. So who is in sync by it came to it last, and nobody
 * grows stale.
 */
const afterNewest = (board: readonly OnBoard[]): string =>
  new Date(Math.max(newestJudgementMs(board), 0) + 1).toISOString();

function withVerdict(sheet: OnBoard, said: PreviewedVerdict | undefined, next: string): OnBoard {
  if (!said) return sheet;
  const { verdict, endpoints, computedAt } = said;
  if (computedAt !== undefined && isTooOld(sheet, new Date(computedAt))) return sheet;
  // Nothing was judged: what was before stays, but for the word.
  if (verdict === 'pending' || verdict === 'unknown') return { ...sheet, verdict };
  return { ...sheet, ...rankedBy(sheet, { verdict, endpoints, computedAt: computedAt ?? next }) };
}
