import { Button } from '@mantine/core';
import style from './freeze-panel.module.css';
import { Said } from './said.js';
import panel from './staff.module.css';
import { useOrder } from './use-order.js';
import { clock } from '../api/clock.js';
import { useFreezes } from '../api/queries.js';
import { timeOfDay } from '../parts/quantities.js';
import { Moment } from '../parts/time.js';
import type { BoardFreeze } from '#libs/contracts/src/gateway.js';
import type { Freeze } from '#libs/contracts/src/leaderboard.js';

/** A freeze says until when everybody sees; a thaw does not. */
interface Done {
  readonly frozen?: Freeze;
}

/** Freeze and thaw, and who did it before. */
export function FreezePanel({ frozen }: { frozen: BoardFreeze | null }) {
  const order = useOrder<Done>(({ frozen: done }) =>
    done ? `Frozen at ${timeOfDay(done.at, clock.now())}.` : 'Thawed: everybody sees everything again.',
  );
  const act = () => order.send('/api/v1/board/freeze', frozen ? { method: 'DELETE' } : { method: 'POST', body: {} });
  const { data } = useFreezes(frozen?.at ?? null);
  return (
    <section className={panel.panel} aria-labelledby="freeze-title">
      <div className={panel.titled}>
        <h2 id="freeze-title">Scoreboard</h2>
        <Button variant="default" size="xs" loading={order.isSending} onClick={() => void act()}>
          {frozen ? 'Thaw' : 'Freeze now'}
        </Button>
      </div>
      <p className={style.line}>
        {frozen ? (
          <>
            Frozen at <Moment at={frozen.at} /> for everybody but staff. Fills and comparisons go on.
          </>
        ) : (
          'Everybody sees it live. A freeze hides what comes from then on, also on the pages of apps; fills and comparisons go on.'
        )}
      </p>
      <Said {...order} />
      {data && data.length > 0 && (
        <ul className={style.audit} aria-label="Who froze and thawed it, newest first">
          {data.slice(0, 6).map(({ at, action, by }) => (
            <li key={at}>
              <Moment at={at} /> {action === 'freeze' ? 'frozen' : 'thawed'} by {by}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
