import { Button } from '@mantine/core';
import { Link } from 'react-router';
import style from './batch-progress.module.css';
import { ProgressBar } from './progress-bar.js';
import { useBatch, type Batch } from '../api/queries.js';
import { OldAnswer } from '../parts/old-answer.js';
import { comparisonPath } from '../parts/paths.js';
import { ProblemNote } from '../parts/problem-note.js';
import { count } from '../parts/quantities.js';
import { Age } from '../parts/time.js';
import { VerdictTag } from '../parts/verdict.js';
import { verdicts, verdictWords } from '../parts/verdict-words.js';

const stateWords = { queued: 'queued', comparing: 'comparing', 'second-look': 'second look', done: 'done' };

/** How far a batch is, app by app. */
export function BatchProgress({ batchId }: { batchId: string | null }) {
  const query = useBatch(batchId);
  const { error, refetch } = query;
  const pages = query.data?.pages ?? [];
  const data = pages[0];
  if (!batchId) return null;
  if (error && !data) return <ProblemNote error={error} onRetry={() => void refetch()} />;
  if (!data) return null;
  const comparisons = pages.flatMap((page) => page.comparisons);
  const isDone = data.done >= data.total;
  const words = summary(comparisons, data.total);
  return (
    <section className={style.batch} aria-label="Progress of the comparison">
      <p className={style.line}>
        <strong className="figures">
          {isDone ? 'Compared' : 'Comparing'} {data.done}/{data.total}
        </strong>
        <span>
          asked for by {data.by} <Age at={data.requestedAt} />
        </span>
        {isDone && <span>{words}</span>}
      </p>
      <OldAnswer query={query} />
      <ProgressBar of={batchId} label="Apps compared" done={data.done} total={data.total} />
      <ul className={style.apps}>
        {comparisons.map((one) => (
          <li key={one.comparisonId}>
            <Link to={comparisonPath(one.comparisonId)}>{one.appName}</Link>
            {one.state === 'done' ? (
              <VerdictTag verdict={one.verdict} />
            ) : (
              <span className={style.state}>{stateWords[one.state]}</span>
            )}
            <span className={style.sentence}>{one.state === 'done' ? one.sentence : ''}</span>
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          More of {count(data.total)}
        </Button>
      )}
      <p role="status" className="hidden-text">
        {isDone ? `Compared ${data.total}: ${words}` : ''}
      </p>
    </section>
  );
}

/** How many ended how; of a long batch, of those that are shown, which are what wants attention first. */
function summary(comparisons: Batch['comparisons'], total: number): string {
  const counts = verdicts
    .map((verdict) => ({ verdict, times: comparisons.filter((one) => one.verdict === verdict).length }))
    .filter(({ times }) => times > 0)
    .map(({ verdict, times }) => `${count(times)} ${verdictWords[verdict].word.toLowerCase()}`);
  const more = total - comparisons.length;
  return [...counts, ...(more > 0 ? [`${count(more)} more`] : [])].join(', ');
}
