import { clock } from '../api/clock.js';
import type { BoardState } from '../api/board-state.js';
import { Countdown } from '../parts/time.js';
import { useTimed } from '../parts/use-timed.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

interface NextStepProps {
  row: BoardRow;
  board: Pick<BoardState, 'timers' | 'fill'>;
}

/** What comes next for an app that has no answer yet, and when: said after its sentence. Nothing for an app that was judged. */
export function NextStep({ row, board }: NextStepProps) {
  const { verdict, comparedAt, acknowledged } = row;
  if (verdict === 'pending' && (comparedAt === null || acknowledged === 0))
    return <FirstFill joinedAt={row.joinedAt} {...board} />;
  if (verdict === 'unreachable' || verdict === 'unknown') return <NextLook {...board} />;
  return null;
}

/** A comparison begins within this time after a fill has closed. */
const comparedWithinMs = 20_000;

function FirstFill({
  joinedAt,
  timers: { fill },
  fill: { open, last },
}: NextStepProps['board'] & { joinedAt: string }) {
  const closedMs = last ? Date.parse(last.closedAt) : 0;
  const hasJustClosed = useTimed(() => closedMs > Date.parse(joinedAt) && clock.now() - closedMs < comparedWithinMs);
  if (hasJustClosed) return <> The fill has closed; the first comparison follows it now.</>;
  if (open) return <> A fill is under way; the first comparison follows it.</>;
  if (!fill) return null;
  if (!fill.on) return <> Fills are switched off now; the first comparison follows the first fill.</>;
  if (!fill.nextFillAt) return <> The first fill is about to begin; the first comparison follows it.</>;
  return (
    <>
      {' '}
      Next fill in <Countdown to={fill.nextFillAt} due="a moment" />; the first comparison follows it.
    </>
  );
}

function NextLook({ timers: { compare } }: NextStepProps['board']) {
  if (!compare) return null;
  if (!compare.on) return <> Sync checks are switched off now; staff can start one.</>;
  if (!compare.nextCompareAt) return null;
  return (
    <>
      {' '}
      Next sync check in <Countdown to={compare.nextCompareAt} due="a moment" />.
    </>
  );
}
