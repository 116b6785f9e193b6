import { useTimed } from './use-timed.js';
import { clock } from '../api/clock.js';
import { age, dayAndTime, exact, left } from './quantities.js';

interface AgeProps {
  at: string;
  /** " ago" or nothing, where a column says it already. */
  suffix?: string;
}

/** How long ago; the exact time on hover and for screen readers. */
export function Age({ at, suffix = ' ago' }: AgeProps) {
  const text = useTimed(() => age(clock.now() - Date.parse(at)));
  return (
    <time dateTime={at} title={exact(at)} className="figures">
      <span aria-hidden="true">
        {text}
        {suffix}
      </span>
      <span className="hidden-text">{exact(at)}</span>
    </time>
  );
}

/** Time left until then; `due` when it has passed. */
export function Countdown({ to, due }: { to: string; due: string }) {
  const text = useTimed(() => {
    const ms = Date.parse(to) - clock.now();
    return ms > 0 ? left(ms) : due;
  });
  return (
    <time dateTime={to} title={exact(to)} className="figures">
      {text}
    </time>
  );
}

/** Seconds since then, for what is going on now. */
export function Elapsed({ since }: { since: string }) {
  const text = useTimed(() => age(clock.now() - Date.parse(since)));
  return <span className="figures">{text}</span>;
}

/** Seconds since something that this computer saw, by its own clock. */
export function SinceHere({ at }: { at: number }) {
  const text = useTimed(() => age(Date.now() - at));
  return <span className="figures">{text}</span>;
}

/** A time of day, with its day when that is not today: a bare time is ambiguous after midnight. */
export function Moment({ at }: { at: string }) {
  const text = useTimed(() => dayAndTime(at, clock.now()));
  return (
    <time dateTime={at} title={exact(at)} className="mono">
      {text}
    </time>
  );
}
