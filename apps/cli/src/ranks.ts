import { ApiProblem } from './api.js';
import { toSecond } from './terminal.js';
import type { RankMove, RanksPreview } from '#libs/contracts/src/board-preview.js';
import type { ProblemDocument } from '#libs/contracts/src/problem.js';
import { rankText, ranksText } from '#libs/contracts/src/rank-words.js';

/** Who would move on the board, or why nobody knows now: the rest of a preview is true all the same. */
export interface KnownRanks {
  readonly ranks: RanksPreview | null;
  readonly ranksProblem?: ProblemDocument;
}

export async function ranksOrWhyNot(ask: () => Promise<RanksPreview>): Promise<KnownRanks> {
  try {
    return { ranks: await ask() };
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.document.status < 500) throw error;
    return { ranks: null, ranksProblem: error.document };
  }
}

/** "2 apps would move on the board, 7 keep their rank.", or that it is not known, and whose side that is. */
export function ranksSentence({ ranks, ranksProblem }: KnownRanks): string {
  if (!ranks) return `Who would move on the board is not known now (our side). ${ranksProblem?.detail ?? ''}`.trim();
  const { frozen } = ranks;
  const sum = ranksText(ranks);
  return frozen ? `${sum} That is the live board; visitors see it frozen at ${toSecond(frozen.at)}.` : sum;
}

interface Listed {
  readonly appId: string;
  /** Cells before and after that of the rank. */
  readonly cells: readonly [readonly string[], readonly string[]];
}

/** Lines of a table, each with the rank between its cells; then those who move only because others do, by `toLine`. */
export function withRanks(
  lines: readonly Listed[],
  { ranks }: KnownRanks,
  toLine: (move: RankMove) => Listed['cells'],
): string[][] {
  const moves = ranks?.moves ?? [];
  const listed = new Set(lines.map(({ appId }) => appId));
  const others = moves.filter(({ appId }) => !listed.has(appId));
  const all = [...lines, ...others.map((move) => ({ appId: move.appId, cells: toLine(move) }))];
  return all.map(({ appId, cells: [before, after] }) => {
    const move = moves.find((one) => one.appId === appId);
    return [...before, move ? rankText(move.rank) : '', ...after];
  });
}
