import { useEffect, useRef, useState } from 'react';
import { Button } from '@mantine/core';
import { IconPlayerTrackNext } from '@tabler/icons-react';
import style from './time-scrub.module.css';
import { clock } from '../api/clock.js';
import { Choices } from '../parts/choices.js';
import { dayAndTime } from '../parts/quantities.js';
import { useTimed } from '../parts/use-timed.js';

const spans = {
  hour: { words: 'Last hour', ms: 3_600_000, stepMs: 5_000 },
  day: { words: 'Last day', ms: 86_400_000, stepMs: 60_000 },
  all: { words: 'All', ms: Infinity, stepMs: 600_000 },
} as const;
type Span = keyof typeof spans;
const names = Object.keys(spans) as Span[];

/** The right end moves on in steps: a thumb that crawls while nobody touches it would look like news. */
const endEveryMs = 10_000;
const settledAfterMs = 200;

interface TimeScrubProps {
  /** The time that is shown; null: the newest. */
  at: string | null;
  since: string;
  /** The newest that may be seen, when that is not now. */
  frozenAt: string | null;
  onChange: (at: string | null) => void;
}

/** The board through time: the thumb at the right end is live (or frozen); anywhere else the board as it was then. */
export function TimeScrub({ at, since, frozenAt, onChange }: TimeScrubProps) {
  const nowMs = useTimed(() => Math.ceil(clock.now() / endEveryMs) * endEveryMs);
  const endMs = frozenAt ? Date.parse(frozenAt) : nowMs;
  const sinceMs = Date.parse(since);
  const [chosen, setChosen] = useState<Span | null>(null);
  const span = chosen ?? spanFor(at, endMs);
  const { stepMs, ms } = spans[span];
  const startMs = Math.max(sinceMs, endMs - ms);
  const [thumbMs, move] = useThumb(at === null ? null : Date.parse(at), (to) =>
    onChange(to === null ? null : new Date(to).toISOString()),
  );
  const valueMs = Math.min(endMs, Math.max(startMs, thumbMs ?? endMs));
  const end = frozenAt ? 'frozen' : 'live';
  const words = thumbMs === null ? end : dayAndTime(new Date(valueMs).toISOString(), nowMs);
  if (endMs - sinceMs < stepMs) return null;
  return (
    <div className={style.scrub} role="group" aria-label="The board through time">
      <span className={style.start} aria-hidden="true">
        {dayAndTime(new Date(startMs).toISOString(), nowMs)}
      </span>
      <input
        type="range"
        className={style.range}
        aria-label="Time of the board"
        aria-valuetext={words}
        min={0}
        max={Math.ceil((endMs - startMs) / stepMs)}
        step={1}
        value={Math.ceil((valueMs - startMs) / stepMs)}
        style={{ '--done': `${(100 * (valueMs - startMs)) / (endMs - startMs)}%` } as React.CSSProperties}
        onChange={({ currentTarget: { value } }) => {
          const toMs = startMs + Number(value) * stepMs;
          move(toMs >= endMs ? null : toMs);
        }}
      />
      <output className={style.shown} data-past={thumbMs !== null || undefined}>
        {words}
      </output>
      <Choices
        label="How far back"
        names={names}
        words={(name) => spans[name].words}
        chosen={span}
        onChoose={(name) => setChosen(name ?? span)}
      />
      {thumbMs !== null && (
        <Button
          variant="default"
          size="compact-xs"
          rightSection={<IconPlayerTrackNext size={12} />}
          onClick={() => move(null, true)}
        >
          {frozenAt ? 'To the end' : 'Live'}
        </Button>
      )}
    </div>
  );
}

const spanFor = (at: string | null, endMs: number): Span =>
  at === null ? 'hour' : (names.find((name) => endMs - Date.parse(at) <= spans[name].ms) ?? 'all');

/** Where the thumb is: it follows the hand at once, and the address follows it when it rests. */
function useThumb(shownMs: number | null, tell: (ms: number | null) => void) {
  const [moved, setMoved] = useState<{ toMs: number | null } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const move = (toMs: number | null, isAtOnce = false) => {
    clearTimeout(timer.current);
    setMoved({ toMs });
    const settle = () => {
      tell(toMs);
      setMoved(null);
    };
    if (isAtOnce) settle();
    else timer.current = setTimeout(settle, settledAfterMs);
  };
  return [moved ? moved.toMs : shownMs, move] as const;
}
