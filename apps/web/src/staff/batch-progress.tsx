import { Link } from 'react-router';
import style from './batch-progress.module.css';
import { ProgressBar } from './progress-bar.js';
import { useBatch, type Batch } from '../api/queries.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Age } from '../parts/time.js';
import { VerdictTag, verdicts, verdictWords } from '../parts/verdict.js';

const stateWords = { queued: 'queued', comparing: 'comparing', 'second-look': 'second look', done: 'done' };

/** How far a batch is, app by app. */
export function BatchProgress({ batchId }: { batchId: string | null }) {
  const { data, error, refetch } = useBatch(batchId);
  if (!batchId) return null;
  if (error && !data) return <ProblemNote error={error} onRetry={() => void refetch()} />;
  if (!data) return null;
  const isDone = data.done >= data.total;
  return (
    <section className={style.batch} aria-label="Progress of the comparison">
      <p className={style.line}>
        <strong className="figures">
          {isDone ? 'Compared' : 'Comparing'} {data.done}/{data.total}
        </strong>
        <span>
          asked for by {data.by} <Age at={data.requestedAt} />
        </span>
        {isDone && <span>{summary(data)}</span>}
      </p>
      <ProgressBar of={batchId} label="Apps compared" done={data.done} total={data.total} />
      <ul className={style.apps}>
        {data.comparisons.map((one) => (
          <li key={one.comparisonId}>
            <Link to={`/comparisons/${one.comparisonId}`}>{one.appName}</Link>
            {one.state === 'done' ? (
              <VerdictTag verdict={one.verdict} />
            ) : (
              <span className={style.state}>{stateWords[one.state]}</span>
            )}
            <span className={style.sentence}>{one.state === 'done' ? one.sentence : ''}</span>
          </li>
        ))}
      </ul>
      <p role="status" className="hidden-text">
        {isDone ? `Compared ${data.total}: ${summary(data)}` : ''}
      </p>
    </section>
  );
}

const summary = ({ comparisons }: Batch): string =>
  verdicts
    .map((verdict) => ({ verdict, times: comparisons.filter((one) => one.verdict === verdict).length }))
    .filter(({ times }) => times > 0)
    .map(({ verdict, times }) => `${times} ${verdictWords[verdict].word.toLowerCase()}`)
    .join(', ');
