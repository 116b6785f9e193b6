import { useEffect, useRef } from 'react';
import { Button } from '@mantine/core';
import { useLocation, useSearchParams } from 'react-router';
import { LedgerTotals } from './ledger-totals.js';
import style from './send-log.module.css';
import { useAppLedger } from './use-app-ledger.js';
import { WriteRow } from './write-row.js';
import { ApiProblem } from '../api/call.js';
import { Choices } from '../parts/choices.js';
import { OldAnswer } from '../parts/old-answer.js';
import { ProblemNote } from '../parts/problem-note.js';
import { plural } from '../parts/quantities.js';
import type { LedgerFilter } from '#libs/contracts/src/gateway.js';

interface SendLogProps {
  appId: string;
  /** Takes part now. The log of an app that does not is shown only when there is one. */
  isPresent: boolean;
  /** Whether this browser submitted it. */
  isOwn: boolean;
}

const filters: Record<LedgerFilter, { word: string; none: string }> = {
  'not-acknowledged': { word: 'Not acknowledged', none: 'Every write was acknowledged.' },
  'acknowledged-then-missing': { word: 'Acknowledged, then missing', none: 'No acknowledged write is missing.' },
  doubled: { word: 'Doubled', none: 'No write is there twice.' },
};
const filterNames = Object.keys(filters) as LedgerFilter[];

/** Did I lose it, or was it never written? Every write to one app, how it ended and what was seen of it since, newest first. */
export function SendLog({ appId, isPresent, isOwn }: SendLogProps) {
  const { only, sought, choose } = usePlaceInLog();
  const { log, writes, newest, isFound, isSeeking } = useAppLedger(appId, only, sought);
  const section = useRef<HTMLElement>(null);
  useShowing(section, isFound ? sought : null);
  if (!isPresent && writes.length === 0 && !only) return null;
  const isProblem = log.error && !log.data && !(log.error instanceof ApiProblem && log.error.kind === 'not-found');
  return (
    <section ref={section} id="send-log" className={style.section}>
      <h2>Send log</h2>
      {isProblem && <ProblemNote error={log.error} onRetry={() => void log.refetch()} />}
      <OldAnswer query={log} />
      {newest && <LedgerTotals ledger={newest} isOwn={isOwn} />}
      {sought && !isFound && log.data && <Seeking marker={sought} looked={writes.length} isSeeking={isSeeking} />}
      {(writes.length > 0 || only) && (
        <Choices
          label="Show only these writes"
          names={filterNames}
          words={(name) => filters[name].word}
          chosen={only}
          onChoose={choose}
        />
      )}
      <div className={style.table} role="table" aria-label="Writes, newest first" aria-busy={log.isPlaceholderData}>
        {writes.map((write) => (
          <WriteRow key={write.writeId} write={write} isSought={write.marker === sought} />
        ))}
      </div>
      {only && writes.length === 0 && !log.isPlaceholderData && <p className={style.none}>{filters[only].none}</p>}
      {log.hasNextPage && !isSeeking && (
        <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          Older writes
        </Button>
      )}
    </section>
  );
}

/** Which writes are shown, and which one is sought, stands in the address; a filter ends the search for one. */
function usePlaceInLog() {
  const [query, setQuery] = useSearchParams();
  const given = query.get('writes') as LedgerFilter | null;
  const only = given && filterNames.includes(given) ? given : null;
  const choose = (name: LedgerFilter | null) =>
    setQuery(
      (before) => {
        const next = new URLSearchParams(before);
        next.delete('write');
        if (name) next.set('writes', name);
        else next.delete('writes');
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  return { only, sought: only ? null : query.get('write'), choose };
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
