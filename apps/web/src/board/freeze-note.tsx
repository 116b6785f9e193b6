import { IconSnowflake } from '@tabler/icons-react';
import style from './freeze-note.module.css';
import { clock } from '../api/clock.js';
import { exact, timeOfDay } from '../parts/quantities.js';
import { useTimed } from '../parts/use-timed.js';
import type { BoardFreeze } from '#libs/contracts/src/gateway.js';

/** The scoreboard is frozen: said to everybody, and to staff in another colour that theirs is not. */
export function FreezeNote({ frozen }: { frozen: BoardFreeze | null }) {
  if (!frozen) return null;
  return (
    <p className={style.note} data-hides={frozen.hides} role="status">
      <IconSnowflake size={16} aria-hidden="true" />
      {frozen.hides ? (
        <span>
          Scoreboard frozen at <FrozenAt at={frozen.at} /> – results after that are hidden
        </span>
      ) : (
        <span>
          <strong>You are seeing live data.</strong> For everybody but staff the scoreboard is frozen at{' '}
          <FrozenAt at={frozen.at} />.
        </span>
      )}
    </p>
  );
}

function FrozenAt({ at }: { at: string }) {
  const text = useTimed(() => timeOfDay(at, clock.now()));
  return (
    <time dateTime={at} title={exact(at)}>
      {text}
    </time>
  );
}
