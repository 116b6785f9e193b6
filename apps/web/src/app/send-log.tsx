import { useEffect, useRef, useState } from 'react';
import { Button } from '@mantine/core';
import { useLocation, useSearchParams } from 'react-router';
import style from './send-log.module.css';
import { outcomeNames, outcomes, WriteRow } from './write-row.js';
import { useSendLog } from './use-send-log.js';
import { ApiProblem } from '../api/call.js';
import { useTimers, type WritePage } from '../api/queries.js';
import { Choices } from '../parts/choices.js';
import { OldAnswer } from '../parts/old-answer.js';
import { ProblemNote } from '../parts/problem-note.js';
import { count, plural } from '../parts/quantities.js';
import type { WriteOutcome } from '#libs/contracts/src/filler.js';

interface SendLogProps {
  appId: string;
  /** Takes part now. The log of an app that does not is shown only when there is one. */
  isPresent: boolean;
  /** Whether this browser submitted it. */
  isOwn: boolean;
}

/** Did I lose it, or was it never written? Every write to one app and how it ended, newest first. */
export function SendLog({ appId, isPresent, isOwn }: SendLogProps) {
  const [only, setOnly] = useState<WriteOutcome | null>(null);
  const sought = useSearchParams()[0].get('write');
  const { log, writes, totals, isFound, isSeeking } = useSendLog(appId, sought);
  const section = useRef<HTMLElement>(null);
  useShowing(section, isFound ? sought : null);
  if (!isPresent && writes.length === 0) return null;
  const shown = only ? writes.filter(({ outcome, marker }) => outcome === only || marker === sought) : writes;
  const isProblem = log.error && !log.data && !(log.error instanceof ApiProblem && log.error.kind === 'not-found');
  return (
    <section ref={section} id="send-log" className={style.section}>
      <h2>Send log</h2>
      {isProblem && <ProblemNote error={log.error} onRetry={() => void log.refetch()} />}
      <OldAnswer query={log} />
      {totals && <Totals totals={totals} isOwn={isOwn} />}
      {sought && !isFound && log.data && <Seeking marker={sought} looked={writes.length} isSeeking={isSeeking} />}
      {writes.length > 0 && (
        <Choices
          label="Show only writes that ended so"
          names={outcomeNames}
          words={(name) => outcomes[name].word}
          chosen={only}
          onChoose={setOnly}
        />
      )}
      <div className={style.table} role="table" aria-label="Writes, newest first">
        {shown.map((write) => (
          <WriteRow key={write.writeId} write={write} isSought={write.marker === sought} />
        ))}
      </div>
      {only && shown.length === 0 && writes.length > 0 && (
        <p className={style.none}>None of the {count(writes.length)} writes shown ended so.</p>
      )}
      {log.hasNextPage && !isSeeking && (
        <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          Older writes
        </Button>
      )}
    </section>
  );
}

/** Goes to the log when the address names it, and to the write that it names, once each. */
function useShowing(section: React.RefObject<HTMLElement | null>, found: string | null): void {
  const { hash } = useLocation();
  const isAskedFor = hash === '#send-log';
  useEffect(() => {
    if (isAskedFor) section.current?.scrollIntoView({ block: 'start' });
  }, [section, isAskedFor]);
  useEffect(() => {
    if (found) section.current?.querySelector('[data-sought]')?.scrollIntoView({ block: 'center' });
  }, [section, found]);
}

function Seeking({ marker, looked, isSeeking }: { marker: string; looked: number; isSeeking: boolean }) {
  return (
    <p className={style.none} role="status">
      {isSeeking ? 'Looking for ' : 'Not found: '}
      <span className="mono">{marker}</span>, {plural(looked, 'write')} looked through.
    </p>
  );
}

function Totals({ totals, isOwn }: { totals: WritePage['totals']; isOwn: boolean }) {
  const { acknowledged, refused, unknown, skipped } = totals;
  const all = acknowledged + refused + unknown;
  if (all + skipped === 0) return <NothingSent />;
  return (
    <p className={style.totals}>
      Of {plural(all, 'write')} {isOwn ? 'your' : 'the'} app acknowledged <strong>{count(acknowledged)}</strong>;{' '}
      {count(refused)} refused, {count(unknown)} unknown{skipped > 0 && `, ${count(skipped)} more were not sent`}. It
      answers for what it acknowledged, for nothing else.
    </p>
  );
}

function NothingSent() {
  const fill = useTimers().data?.fill;
  return (
    <p className={style.none}>
      Nothing has been sent yet.{' '}
      {fill?.on === false ? 'Fills are switched off now.' : 'The first fill comes within seconds.'}
    </p>
  );
}
