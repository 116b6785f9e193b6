import { Button } from '@mantine/core';
import style from './held-back.module.css';
import { ProgressBar } from './progress-bar.js';
import { Said } from './said.js';
import panel from './staff.module.css';
import { useOrder } from './use-order.js';
import { queryClient, useBatch, useHeldBack } from '../api/queries.js';
import { useRanksAfterBatch } from '../api/rank-previews.js';
import { withRanks } from '../parts/moves.js';
import { comparisonPath } from '../parts/paths.js';
import { ProblemNote } from '../parts/problem-note.js';
import { plural } from '../parts/quantities.js';
import { RankSum } from '../parts/rank-sum.js';
import { Age, Countdown, Moment } from '../parts/time.js';
import { VerdictMoves } from '../parts/verdict-moves.js';
import type { HeldBackBatch } from '#libs/contracts/src/held-back.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

/** What staff compared and have not published: who would get another verdict, and what became of the last ones. */
export function HeldBack({ rows }: { rows: readonly BoardRow[] }) {
  const { data, error } = useHeldBack();
  const order = useOrder<{ said?: number }>(({ said }) =>
    said === undefined ? 'Discarded: nobody is told.' : `Published: ${plural(said, 'verdict')}.`,
  );
  const end = async (batchId: string, how: 'publish' | 'discard') => {
    await order.send(`/api/v1/batches/${batchId}/${how}`, { method: 'POST', body: {} });
    await queryClient.invalidateQueries({ queryKey: ['held-back'] });
  };
  if (!error && (data ?? []).length === 0) return null;
  const open = data?.find(({ state }) => state === 'open');
  const old = data?.filter(({ state }) => state !== 'open').slice(0, 3) ?? [];
  return (
    <section className={panel.panel} aria-labelledby="held-back-title">
      <h2 id="held-back-title">Held back</h2>
      {error && <ProblemNote error={error} />}
      {open && (
        <Open batch={open} rows={rows} isSending={order.isSending} onEnd={(how) => void end(open.batchId, how)} />
      )}
      <Said {...order} />
      {old.length > 0 && (
        <ul className={style.old} aria-label="What became of the last ones">
          {old.map(({ batchId, state, endedAt, endedBy, by, requestedAt }) => (
            <li key={batchId}>
              <Moment at={endedAt ?? requestedAt} /> that of {by}{' '}
              {state === 'expired' ? 'expired: nobody published it' : `${state} by ${endedBy}`}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface OpenProps {
  batch: HeldBackBatch;
  rows: readonly BoardRow[];
  isSending: boolean;
  onEnd: (how: 'publish' | 'discard') => void;
}

function Open({ batch: { batchId, by, requestedAt, expiresAt, done, total }, rows, isSending, onEnd }: OpenProps) {
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useBatch(batchId);
  const isDone = done >= total;
  const comparisons = data?.pages.flatMap((page) => page.comparisons) ?? [];
  const compared = comparisons.filter(({ state }) => state === 'done');
  /** Also here: the list of batches may be newer than what was read of this one. */
  const isRead = isDone && comparisons.length > 0 && compared.length === comparisons.length;
  const moves = compared.flatMap(({ comparisonId, appId, appName, verdict }) => {
    const before = rows.find((row) => row.appId === appId)?.verdict;
    return before === verdict ? [] : [{ appId, appName, to: comparisonPath(comparisonId), before, after: verdict }];
  });
  const ranks = useRanksAfterBatch(batchId, isRead);
  const known = isRead && !ranks.error ? ranks.data : undefined;
  // Of who is on a page that is not here yet nobody can say that only others move it.
  const shown = known?.moves.filter(({ appId }) => !hasNextPage || moves.some((move) => move.appId === appId)) ?? [];
  return (
    <>
      <p className={style.facts}>
        Asked for by {by} <Age at={requestedAt} />. Only staff see it; it expires in{' '}
        <Countdown to={expiresAt} due="a moment" />.
      </p>
      {!isDone && <ProgressBar of={batchId} label="Apps compared, held back" done={done} total={total} />}
      {isRead && (
        <p>
          {moves.length === 0
            ? 'No app would get another verdict'
            : `${plural(moves.length, 'app')} would get another verdict`}
          : {plural(compared.length, 'app')} compared.
        </p>
      )}
      {isRead && <RankSum ranks={known} error={ranks.error} onRetry={() => void ranks.refetch()} />}
      <VerdictMoves moves={withRanks(moves, shown)} />
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          More of {total}
        </Button>
      )}
      <div className={style.actions}>
        <Button disabled={!isDone} loading={isSending} onClick={() => onEnd('publish')}>
          Publish
        </Button>
        <Button variant="default" loading={isSending} onClick={() => onEnd('discard')}>
          Discard
        </Button>
      </div>
    </>
  );
}
