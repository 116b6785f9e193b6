import style from './live-badge.module.css';
import type { LiveState } from '../api/live-board.js';
import { Elapsed } from '../parts/time.js';
import { exact } from '../parts/quantities.js';
import { clock } from '../api/clock.js';

/** ● live, or ◌ reconnecting with the age of what is shown. */
export function LiveBadge({ live: { connection, lastHeardAt } }: { live: LiveState }) {
  if (connection === 'live')
    return (
      <span className={style.badge} data-live>
        <span className={style.dot} aria-hidden="true" />
        Live
      </span>
    );
  const since = new Date((lastHeardAt ?? Date.now()) + clock.now() - Date.now()).toISOString();
  return (
    <span className={style.badge} title={`This is how it stood at ${exact(since)}.`}>
      <span className={style.dot} aria-hidden="true" />
      <span>
        Reconnecting · as it was <Elapsed since={since} /> ago
      </span>
    </span>
  );
}
