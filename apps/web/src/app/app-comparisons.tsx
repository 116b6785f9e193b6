import { Link } from 'react-router';
import style from './app-page.module.css';
import { useComparisonsOf } from '../api/queries.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Age } from '../parts/time.js';
import { VerdictTag } from '../parts/verdict.js';

/** The last comparisons, the newest first. `newest` changes when there is a new one. */
export function AppComparisons({ appId, newest }: { appId: string; newest: string | null }) {
  const { data, error, refetch } = useComparisonsOf(appId, newest);
  return (
    <section className={style.section}>
      <h2>Last comparisons</h2>
      {error && !data && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && (
        <p className={style.none}>Not compared yet. The first comparison follows the first fill.</p>
      )}
      <ul className={style.comparisons}>
        {data?.map((one) => (
          <li key={one.comparisonId}>
            <Link to={`/comparisons/${one.comparisonId}`} className={style.comparison}>
              {one.state === 'done' ? <VerdictTag verdict={one.verdict} /> : <VerdictTag verdict="pending" />}
              <span className={style.words}>{one.state === 'done' ? one.sentence : 'Under way.'}</span>
              <Age at={one.computedAt ?? one.requestedAt} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
