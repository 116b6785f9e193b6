import { Link, useParams, useSearchParams } from 'react-router';
import { ServiceChip, serviceSlots } from './services.js';
import { subjectOf } from './span-focus.js';
import style from './traces.module.css';
import { useKnownNames } from './use-known-names.js';
import { Waterfall } from './waterfall.js';
import { useTrace } from '../api/queries.js';
import { CopyButton } from '../parts/copy-button.js';
import { Crumbs } from '../parts/crumbs.js';
import { OldAnswer } from '../parts/old-answer.js';
import { comparisonPath } from '../parts/paths.js';
import { ProblemNote } from '../parts/problem-note.js';
import { count, duration, plural } from '../parts/quantities.js';
import { Waiting } from '../parts/states.js';
import { Age } from '../parts/time.js';
import { usePageTitle } from '../shell/page-title.js';
import type { TraceView } from '#libs/contracts/src/gateway.js';

/** One trace over all services: what happened when, and what the end waited for. `?comparison=` opens it at one verdict. */
export function TracePage() {
  const { traceId = '' } = useParams();
  const comparisonId = useSearchParams()[0].get('comparison');
  const query = useTrace(traceId, comparisonId);
  const { data, error, failureCount, refetch } = query;
  const title = data ? rootName(data) : 'Trace';
  usePageTitle(title);
  return (
    <div className={style.page}>
      <Crumbs
        path={[
          { label: 'Traces', to: '/traces' },
          { label: traceId.slice(0, 8), isCode: true },
        ]}
      />
      <h1 className={style.title}>{title}</h1>
      {error && !data && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <Waiting forWhat="the trace" {...(failureCount > 0 ? { more: 'it appears within seconds' } : {})} />
      )}
      <OldAnswer query={query} />
      {data && (
        <>
          <TraceFacts trace={data} asked={comparisonId} />
          <Waterfall key={`${traceId} ${comparisonId}`} trace={data} comparisonId={comparisonId} />
        </>
      )}
    </div>
  );
}

const rootName = ({ spans }: TraceView): string => (spans.find(({ parentId }) => parentId === null) ?? spans[0])?.name ?? 'Trace'; // prettier-ignore

function TraceFacts({ trace, asked }: { trace: TraceView; asked: string | null }) {
  const services = [...new Set(trace.spans.map(({ service }) => service))];
  const slots = serviceSlots(services);
  const failed = trace.spans.filter((span) => span.failed).length;
  return (
    <div className={style.facts}>
      <span className="mono">{duration(trace.durationMs)}</span>
      <Spans trace={trace} />
      {failed > 0 && (
        <span className={style.failed}>
          <span aria-hidden="true">✕</span> {failed} failed
        </span>
      )}
      <Age at={trace.startedAt} />
      <WayBack trace={trace} asked={asked} />
      <span className={style.legend} aria-label="Services">
        {services.map((name) => (
          <ServiceChip key={name} name={name} slot={slots.get(name)} />
        ))}
        <span className={style.criticalKey}>
          <span aria-hidden="true" /> what the end waited for
        </span>
      </span>
      <CopyButton text={trace.traceId} label="Copy trace id" />
    </div>
  );
}

/** A trace that is longer than what can be shown says so. */
function Spans({ trace: { spans, spansTotal } }: { trace: TraceView }) {
  if (spansTotal <= spans.length) return <span>{plural(spans.length, 'span')}</span>;
  return (
    <span>
      the first {count(spans.length)} of {plural(spansTotal, 'span')}
    </span>
  );
}

/** From a trace to what it is about, and so back to the row of the board. */
function WayBack({ trace, asked }: { trace: TraceView; asked: string | null }) {
  const { appId, comparisonId } = subjectOf(trace, asked);
  const names = useKnownNames().apps;
  return (
    <>
      {appId && (
        <span className={style.wayBack}>
          App <Link to={`/apps/${appId}`}>{names.get(appId) ?? appId.slice(0, 8)}</Link>
        </span>
      )}
      {comparisonId && <Link to={comparisonPath(comparisonId)}>Comparison</Link>}
    </>
  );
}
