import { useEffect, useMemo, useRef, useState } from 'react';
import { Button, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconSearch } from '@tabler/icons-react';
import { LiveBadge } from './live-badge.js';
import style from './log-panel.module.css';
import { LogLineView } from './log-line.js';
import skip from '../shell/shell.module.css';
import { logLinesMax } from '../api/board-state.js';
import type { LiveState } from '../api/live-board.js';
import { plural } from '../parts/quantities.js';
import type { LogLine } from '#libs/contracts/src/leaderboard.js';

const logId = 'fill-log';

/** The log stands after all rows, which may be hundreds of stops away. */
export function SkipToLog() {
  return (
    <a
      className={skip.skip}
      href={`#${logId}`}
      onClick={(event) => {
        event.preventDefault();
        document.getElementById(logId)?.focus();
      }}
    >
      Skip to the fill log
    </a>
  );
}

/** The fill log at the foot of the board: its newest line always, all lines when opened. It is always in view, so it also tells when the board is not live. */
export function LogPanel({ live }: { live: LiveState }) {
  const lines = live.board.log;
  const [isOpen, setOpen] = useState(false);
  const newest = lines.at(-1);
  return (
    <section className={style.panel} aria-label="Fill log" data-open={isOpen || undefined}>
      <button id={logId} type="button" className={style.bar} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span className={style.title}>Fill log</span>
        {(live.connection !== 'live' || live.board.missing.includes('leaderboard')) && <LiveBadge live={live} />}
        {!isOpen && newest && <LogLineView line={newest} isTeaser />}
        {isOpen ? <IconChevronDown size={16} /> : <IconChevronUp size={16} />}
      </button>
      {isOpen && <OpenLog lines={lines} />}
    </section>
  );
}

const followWithinPx = 24;

/** Newest last. Scrolling up pauses: what is being read stays still, and new lines are counted until the reader goes on. */
function OpenLog({ lines }: { lines: readonly LogLine[] }) {
  const [search, setSearch] = useState('');
  const [paused, setPaused] = useState<readonly LogLine[] | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const source = paused ?? lines;
  const shown = useMemo(() => {
    const wanted = search.toLowerCase();
    return source.filter((line) => line.text.toLowerCase().includes(wanted));
  }, [source, search]);
  const waiting = paused ? lines.filter((line) => line.line > (paused.at(-1)?.line ?? 0)).length : 0;

  useEffect(() => {
    if (!paused && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [shown, paused]);

  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = list.current!;
    const atEnd = scrollHeight - scrollTop - clientHeight < followWithinPx;
    if (atEnd && paused) setPaused(null);
    if (!atEnd && !paused) setPaused(lines);
  };
  return (
    <>
      <div className={style.tools}>
        <TextInput
          size="xs"
          aria-label="Search the log"
          placeholder="Search the log"
          leftSection={<IconSearch size={13} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <p className={style.count}>
          {search ? `${shown.length} of ${plural(source.length, 'line')}` : plural(source.length, 'line')}
          {source.length === logLinesMax && ', older ones are not kept here'}
        </p>
        {paused && (
          <Button size="compact-xs" variant="light" onClick={() => setPaused(null)}>
            {waiting > 0 ? `Paused, ${plural(waiting, 'new line')}: go on` : 'Paused: go on'}
          </Button>
        )}
      </div>
      <div
        ref={list}
        className={style.lines}
        onScroll={onScroll}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Lines of the fill log, newest last"
      >
        {shown.map((line) => (
          <LogLineView key={line.line} line={line} />
        ))}
        {shown.length === 0 && (
          <p className={style.none}>{search ? 'No line matches.' : 'Nothing has happened yet.'}</p>
        )}
      </div>
    </>
  );
}
