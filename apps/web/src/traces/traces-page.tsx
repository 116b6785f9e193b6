import { useState } from 'react';
import { Checkbox, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { ServiceChip, serviceSlots } from './services.js';
import style from './traces.module.css';
import { useTraces } from '../api/queries.js';
import { OldAnswer } from '../parts/old-answer.js';
import { tracePath } from '../parts/paths.js';
import { ProblemNote } from '../parts/problem-note.js';
import { duration, plural } from '../parts/quantities.js';
import { Empty, Waiting } from '../parts/states.js';
import { Age } from '../parts/time.js';
import { usePageTitle } from '../shell/page-title.js';
import type { TraceSummary } from '#libs/contracts/src/gateway.js';

/** What happened lately, across all services; the newest first. */
export function TracesPage() {
  usePageTitle('Traces');
  const [params, setParams] = useSearchParams();
  const search = params.get('search') ?? '';
  const onlyFailed = params.get('failed') === 'true';
  const [typed, setTyped] = useState(search);
  const query = useTraces(search, onlyFailed);
  const { data, error, refetch } = query;
  const set = (name: string, value: string | null) =>
    setParams(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true },
    );
  return (
    <div className={style.page}>
      <h1>Traces</h1>
      <form
        className={style.tools}
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          set('search', typed.trim() || null);
        }}
      >
        <TextInput
          aria-label="Search in names, services and attributes"
          placeholder="Name, service, app id, fill number"
          leftSection={<IconSearch size={15} />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={() => set('search', typed.trim() || null)}
          className={style.search}
        />
        <Checkbox
          label="Only failed"
          checked={onlyFailed}
          onChange={(event) => set('failed', event.currentTarget.checked ? 'true' : null)}
        />
      </form>
      {error && !data && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Waiting forWhat="the traces" />}
      <OldAnswer query={query} />
      {data?.length === 0 && (
        <Empty title={search || onlyFailed ? 'No trace matches' : 'No trace yet'}>
          {search || onlyFailed
            ? 'Search for less. Traces are kept for a day.'
            : 'The first request or timer leaves one.'}
        </Empty>
      )}
      {data && data.length > 0 && (
        <ul className={style.list}>
          {data.map((trace) => (
            <TraceRow key={trace.traceId} trace={trace} />
          ))}
        </ul>
      )}
    </div>
  );
}

function TraceRow({ trace }: { trace: TraceSummary }) {
  const slots = serviceSlots(trace.services);
  return (
    <li>
      <Link to={tracePath(trace.traceId, null)} className={style.trace}>
        <span className={style.name}>
          {trace.failed > 0 && <FailedGlyph count={trace.failed} />}
          {trace.name}
        </span>
        <span className={style.chips}>
          {trace.services.map((name) => (
            <ServiceChip key={name} name={name} slot={slots.get(name)} />
          ))}
        </span>
        <span className={`${style.figure} mono`}>{duration(trace.durationMs)}</span>
        <span className={style.figure}>{plural(trace.spans, 'span')}</span>
        <span className={style.figure}>
          <Age at={trace.startedAt} />
        </span>
      </Link>
    </li>
  );
}

function FailedGlyph({ count }: { count: number }) {
  return (
    <span className={style.failed}>
      <span aria-hidden="true">✕</span> {count} failed
    </span>
  );
}
