import { ProblemNote } from './problem-note.js';
import { Moment } from './time.js';
import type { RanksPreview } from '#libs/contracts/src/board-preview.js';
import { ranksText } from '#libs/contracts/src/rank-words.js';

interface RankSumProps {
  /** Undefined: not known yet, or not now. */
  ranks: RanksPreview | undefined;
  error: unknown;
  onRetry: () => void;
}

/** How many would move on the board, or why nobody knows now. */
export function RankSum({ ranks, error, onRetry }: RankSumProps) {
  if (error)
    return (
      <>
        <p>Who would move on the board is not known now.</p>
        <ProblemNote error={error} isBrief onRetry={onRetry} />
      </>
    );
  if (!ranks) return <p role="status">Ranking the board with it …</p>;
  return (
    <p role="status">
      {ranksText(ranks)}
      {ranks.frozen && (
        <>
          {' '}
          That is the live board; visitors see it frozen at <Moment at={ranks.frozen.at} />.
        </>
      )}
    </p>
  );
}
