import { useState } from 'react';
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import style from './send-log.module.css';
import { call } from '../api/call.js';
import type { Write, WritePage } from '../api/queries.js';
import { Choices } from '../parts/choices.js';
import { ProblemNote } from '../parts/problem-note.js';
import { count, duration, exact, timeOfDay } from '../parts/quantities.js';
import type { WriteOutcome, WritePayload } from '#libs/contracts/src/filler.js';

const outcomes: Record<WriteOutcome, { glyph: string; word: string; meaning: string }> = {
  acknowledged: { glyph: '✓', word: 'acknowledged', meaning: 'the app answered that it has it' },
  refused: { glyph: '−', word: 'refused', meaning: 'the app said no, or could not be reached; nothing was taken' },
  unknown: {
    glyph: '?',
    word: 'unknown',
    meaning: 'sent, but no answer was seen; it is never sent again and obliges nobody',
  },
  skipped: { glyph: '·', word: 'not sent', meaning: 'given up before it was sent; it obliges nobody' },
};
const names = Object.keys(outcomes) as WriteOutcome[];

/** Did I lose it, or was it never written? Every write to one app and how it ended, newest first. */
export function SendLog({ appId }: { appId: string }) {
  const [only, setOnly] = useState<WriteOutcome | null>(null);
  const log = useInfiniteQuery({
    queryKey: ['writes', appId],
    queryFn: ({ pageParam, signal }) =>
      call<WritePage>(
        `/api/v1/apps/${encodeURIComponent(appId)}/writes?limit=60${pageParam ? `&before=${pageParam}` : ''}`,
        { signal },
      ),
    initialPageParam: null as number | null,
    getNextPageParam: ({ nextBefore }) => nextBefore,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : 5_000),
  });
  const totals = log.data?.pages.at(-1)?.totals;
  const writes = log.data?.pages.flatMap((page) => page.writes) ?? [];
  const shown = only ? writes.filter(({ outcome }) => outcome === only) : writes;
  return (
    <section className={style.section}>
      <h2>Send log</h2>
      {log.error && <ProblemNote error={log.error} onRetry={() => void log.refetch()} />}
      {totals && <Totals totals={totals} />}
      {writes.length > 0 && (
        <Choices
          label="Show only writes that ended so"
          names={names}
          words={(name) => outcomes[name].word}
          chosen={only}
          onChoose={setOnly}
        />
      )}
      <div className={style.table} role="table" aria-label="Writes, newest first">
        {shown.map((write) => (
          <WriteRow key={write.writeId} write={write} />
        ))}
      </div>
      {only && shown.length === 0 && writes.length > 0 && (
        <p className={style.none}>None of the {count(writes.length)} writes shown ended so.</p>
      )}
      {log.hasNextPage && (
        <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          Older writes
        </Button>
      )}
    </section>
  );
}

function Totals({ totals: { acknowledged, refused, unknown, skipped } }: { totals: WritePage['totals'] }) {
  const all = acknowledged + refused + unknown;
  if (all + skipped === 0)
    return <p className={style.none}>Nothing has been sent yet. The first fill comes within seconds.</p>;
  return (
    <p className={style.totals}>
      Of {count(all)} writes your app acknowledged <strong>{count(acknowledged)}</strong>; {count(refused)} refused,{' '}
      {count(unknown)} unknown{skipped > 0 && `, ${count(skipped)} more were not sent`}. It answers for what it
      acknowledged, for nothing else.
    </p>
  );
}

function WriteRow({ write }: { write: Write }) {
  const { glyph, word, meaning } = outcomes[write.outcome];
  const tookMs = write.sentAt && write.answeredAt ? Date.parse(write.answeredAt) - Date.parse(write.sentAt) : null;
  return (
    <div className={style.write} role="row" data-outcome={write.outcome}>
      <span role="cell" className={style.outcome} title={meaning}>
        <span aria-hidden="true" className="mono">
          {glyph}
        </span>
        {word}
      </span>
      <span role="cell" className={`${style.marker} mono`}>
        {write.marker}
      </span>
      <span role="cell" className={`${style.payload} mono`}>
        {payloadText(write.payload)}
      </span>
      <span role="cell" className={style.reason}>
        {write.reason ?? (write.status === null ? '' : `HTTP ${write.status}`)}
      </span>
      <span role="cell" className={`${style.took} mono`}>
        {tookMs === null ? '' : duration(tookMs)}
      </span>
      <span role="cell" className={style.fill}>
        fill {write.number}, {write.driver}
      </span>
      <span role="cell" className={style.time}>
        {write.sentAt && (
          <time dateTime={write.sentAt} title={exact(write.sentAt)} className="mono">
            {timeOfDay(write.sentAt)}
          </time>
        )}
      </span>
      <span role="cell" className={style.trace}>
        {write.traceId && <Link to={`/traces/${write.traceId}`}>trace</Link>}
      </span>
    </div>
  );
}

function payloadText(payload: WritePayload): string {
  if (payload.kind === 'entry') return `entry ${payload.text}`;
  if (payload.kind === 'mood') return `mood ${payload.mood}: ${payload.note}`;
  return `value ${payload.value}`;
}
