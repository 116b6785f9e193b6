import style from './live-badge.module.css';
import type { LiveState } from '../api/live-board.js';
import { Elapsed, Moment } from '../parts/time.js';
import { exact } from '../parts/quantities.js';
import { clock } from '../api/clock.js';

/** ● live; ◌ with the age of what is shown, when the stream is down or the board itself stands still behind it. */
export function LiveBadge({ live: { connection, lastHeardAt, board } }: { live: LiveState }) {
  if (connection !== 'live')
    return (
      <OldBadge
        word="Reconnecting"
        since={new Date((lastHeardAt ?? Date.now()) + clock.now() - Date.now()).toISOString()}
      />
    );
  if (board.frozen?.hides) return <StillBadge word="Frozen" at={board.frozen.at} />;
  if (board.missing.includes('leaderboard'))
    return board.revision > 0 ? (
      <OldBadge word="Standing still" since={board.asOf} />
    ) : (
      <OldBadge word="Not readable yet" since={null} />
    );
  return (
    <span className={style.badge} data-live>
      <span className={style.dot} aria-hidden="true" />
      Live
    </span>
  );
}

/** A board that stands at a time because somebody wants it to. */
export function StillBadge({ word, at }: { word: string; at: string }) {
  return (
    <span className={style.badge} data-still title={`This is how it stood at ${exact(at)}.`}>
      <span className={style.dot} aria-hidden="true" />
      <span>
        {word} · <Moment at={at} />
      </span>
    </span>
  );
}

function OldBadge({ word, since }: { word: string; since: string | null }) {
  return (
    <span className={style.badge} title={since ? `This is how it stood at ${exact(since)}.` : undefined}>
      <span className={style.dot} aria-hidden="true" />
      <span>
        {word}
        {since && (
          <>
            {' '}
            · as it was <Elapsed since={since} /> ago
          </>
        )}
      </span>
    </span>
  );
}
