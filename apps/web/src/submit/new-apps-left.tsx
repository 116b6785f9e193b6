import style from './submit.module.css';
import { useOwnLimits } from '../api/queries.js';
import { plural } from '../parts/quantities.js';
import { Moment } from '../parts/time.js';

/** How many new apps may still come from here, so that nobody runs into the limit unprepared; nothing for staff, who have none. */
export function NewAppsLeft() {
  const newApps = useOwnLimits().data?.newApps;
  if (!newApps) return null;
  const { left, max, withinMinutes, resetsAt } = newApps;
  const within = withinMinutes === 60 ? 'an hour' : `${withinMinutes} minutes`;
  return (
    <p className={style.left} data-none={left === 0 || undefined}>
      {resetsAt === null ? (
        `From your address ${plural(max, 'new app')} may come within ${within}.`
      ) : (
        <>
          From your address: {left} of {plural(max, 'new app')} left, resets at <Moment at={resetsAt} />.
          {left === 0 && ' Changing an app with its claim code works all the time.'}
        </>
      )}
    </p>
  );
}
