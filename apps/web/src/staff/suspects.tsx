import { Link } from 'react-router';
import panel from './staff.module.css';
import style from './suspects.module.css';
import { useSuspects } from '../api/queries.js';
import { comparisonPath } from '../parts/paths.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Strength } from '../parts/strength.js';
import { Age } from '../parts/time.js';
import type { Suspect } from '#libs/contracts/src/comparator.js';

/** Apps that may show data that is not their own; nothing at all while there is none. */
export function Suspects() {
  const { data, error } = useSuspects();
  if (!error && (data ?? []).length === 0) return null;
  return (
    <section className={panel.panel} aria-labelledby="suspects-title">
      <h2 id="suspects-title">Not their own data?</h2>
      {error && <ProblemNote error={error} />}
      <ul className={style.suspects}>
        {data?.map((suspect) => (
          <One key={suspect.appId} suspect={suspect} />
        ))}
      </ul>
    </section>
  );
}

function One({ suspect: { appName, comparisonId, computedAt, comparisons, strongest } }: { suspect: Suspect }) {
  return (
    <li>
      <p className={style.head}>
        <Strength of={strongest.strength} />
        <Link to={comparisonPath(comparisonId, strongest.path)}>{appName}</Link>
      </p>
      <p>{strongest.sentence}</p>
      <p className={style.facts}>
        <Age at={computedAt} />, in{' '}
        {comparisons.looked === 1
          ? 'its one comparison'
          : `${comparisons.suspicious} of its last ${comparisons.looked} comparisons`}
      </p>
    </li>
  );
}
