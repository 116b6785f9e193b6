import style from './board-head.module.css';
import { Countdown, Elapsed } from '../parts/time.js';
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
  const note = last ? `fill ${last.number} closed` : undefined;
  if (!automation) return <Timer label="Next fill">not known now</Timer>;
  if (!automation.on) return <Timer label="Fills" note={note}>off</Timer>; // prettier-ignore
  if (!automation.nextFillAt) return <Timer label="Next fill" note={note}>when an app joins</Timer>; // prettier-ignore
  return (
    <Timer label="Next fill in" note={note}>
      <Countdown to={automation.nextFillAt} due="a moment" />
    </Timer>
  );
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
  children: React.ReactNode;
}

function Timer({ label, note, children }: TimerProps) {
  return (
    <div className={style.timer}>
      <span className={style.timerLabel}>{label}</span> <span className={style.timerValue}>{children}</span>
      {note && <span className={style.timerNote}>{note}</span>}
    </div>
  );
}
