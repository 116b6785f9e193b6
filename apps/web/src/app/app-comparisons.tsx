import { Link } from 'react-router';
import style from './app-page.module.css';
import { useComparisonsOf } from '../api/queries.js';
import { ByStaff } from '../parts/by-staff.js';
import { OldAnswer } from '../parts/old-answer.js';
import { comparisonPath } from '../parts/paths.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Age } from '../parts/time.js';
import { VerdictTag } from '../parts/verdict.js';

/** The last comparisons, the newest first. `newest` changes when there is a new one. */
export function AppComparisons({ appId, newest }: { appId: string; newest: string | null }) {
  const query = useComparisonsOf(appId, newest);
  const { data, error, refetch } = query;
  return (
    <section className={style.section}>
      <h2>Last comparisons</h2>
      {error && !data && <ProblemNote error={error} onRetry={() => void refetch()} />}
      <OldAnswer query={query} />
      {data?.length === 0 && (
        <p className={style.none}>Not compared yet. The first comparison follows the first fill.</p>
      )}
      <ul className={style.comparisons}>
        {data?.map((one) => (
          <li key={one.comparisonId}>
            <Link to={comparisonPath(one.comparisonId)} className={style.comparison}>
              <VerdictTag verdict={one.state === 'done' ? one.verdict : 'pending'} />
              <span className={style.words}>
                <ByStaff override={one.override} /> {one.state === 'done' ? one.sentence : 'Under way.'}
              </span>
              <Age at={one.computedAt ?? one.requestedAt} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
