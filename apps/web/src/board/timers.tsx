import style from './board-head.module.css';
import { Age, Countdown, Elapsed } from '../parts/time.js';
import type { Timers } from '#libs/contracts/src/gateway.js';
import type { BoardFill } from '#libs/contracts/src/leaderboard.js';

interface NextFillProps {
  fill: BoardFill;
  automation: Timers['fill'];
}

export function NextFill({ fill: { open, last }, automation }: NextFillProps) {
  if (open)
    return (
      <Timer
        label="Filling"
        note={
          <>
            fill {open.number}, <Elapsed since={open.startedAt} />
          </>
        }
      >
        {open.done}/{open.total} apps
      </Timer>
    );
  const notes = last
    ? {
        note: (
          <>
            fill {last.number}, <Age at={last.closedAt} />
          </>
        ),
        trouble: troubleIn(last),
      }
    : {};
  if (!automation) return <Timer label="Next fill" {...notes}>not known now</Timer>; // prettier-ignore
  if (!automation.on) return <Timer label="Fills" {...notes}>off</Timer>; // prettier-ignore
  if (!automation.nextFillAt) return <Timer label="Next fill" {...notes}>when an app joins</Timer>; // prettier-ignore
  return (
    <Timer label="Next fill in" {...notes}>
      <Countdown to={automation.nextFillAt} due="a moment" />
    </Timer>
  );
}

/** Of a board that stands still: which fill it was then. */
export function FillThen({ fill: { open, last } }: { fill: BoardFill }) {
  return (
    <div className={style.timers}>
      {open ? (
        <Timer label="Then filling" note={`fill ${open.number}`}>
          {open.done}/{open.total} apps
        </Timer>
      ) : (
        <Timer label="Last fill then" {...(last ? { trouble: troubleIn(last) } : {})}>
          {last ? last.number : 'none'}
        </Timer>
      )}
    </div>
  );
}

/** How the last fill ended, where it did not end well: "1 in part, 2 given up". */
function troubleIn({ partly, givenUp }: NonNullable<BoardFill['last']>): string | undefined {
  const parts = [...(partly > 0 ? [`${partly} in part`] : []), ...(givenUp > 0 ? [`${givenUp} given up`] : [])];
  return parts.length > 0 ? parts.join(', ') : undefined;
}

export function NextCheck({ schedule }: { schedule: Timers['compare'] }) {
  if (!schedule) return <Timer label="Next sync check">not known now</Timer>;
  if (!schedule.on) return <Timer label="Sync checks">off</Timer>;
  if (!schedule.nextCompareAt) return <Timer label="Next sync check">not set yet</Timer>;
  return (
    <Timer label="Next sync check in">
      <Countdown to={schedule.nextCompareAt} due="a moment" />
    </Timer>
  );
}

interface TimerProps {
  label: string;
  note?: React.ReactNode;
  trouble?: string | undefined;
  children: React.ReactNode;
}

function Timer({ label, note, trouble, children }: TimerProps) {
  return (
    <div className={style.timer}>
      <span className={style.timerLabel}>{label}</span> <span className={style.timerValue}>{children}</span>
      {note && <span className={style.timerNote}>{note}</span>}
      {trouble && <span className={style.timerTrouble}>{trouble}</span>}
    </div>
  );
}
