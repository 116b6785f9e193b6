import { useParams } from 'react-router';
import { ServiceChip, serviceSlots } from './services.js';
import style from './traces.module.css';
import { Waterfall } from './waterfall.js';
import { useTrace } from '../api/queries.js';
import { CopyButton } from '../parts/copy-button.js';
import { Crumbs } from '../parts/crumbs.js';
import { ProblemNote } from '../parts/problem-note.js';
import { duration, plural } from '../parts/quantities.js';
import { Waiting } from '../parts/states.js';
import { Age } from '../parts/time.js';
import { usePageTitle } from '../shell/page-title.js';
import type { TraceView } from '#libs/contracts/src/gateway.js';

/** One trace over all services: what happened when, and what the end waited for. */
export function TracePage() {
  const { traceId = '' } = useParams();
  const { data, error, refetch } = useTrace(traceId);
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
      {!data && !error && <Waiting forWhat="the trace" />}
      {data && (
        <>
          <TraceFacts trace={data} />
          <Waterfall key={traceId} trace={data} />
        </>
      )}
    </div>
  );
}

const rootName = ({ spans }: TraceView): string => (spans.find(({ parentId }) => parentId === null) ?? spans[0])?.name ?? 'Trace'; // prettier-ignore

function TraceFacts({ trace }: { trace: TraceView }) {
  const services = [...new Set(trace.spans.map(({ service }) => service))];
  const slots = serviceSlots(services);
  const failed = trace.spans.filter((span) => span.failed).length;
  return (
    <div className={style.facts}>
      <span className="mono">{duration(trace.durationMs)}</span>
      <span>{plural(trace.spans.length, 'span')}</span>
      {failed > 0 && (
        <span className={style.failed}>
          <span aria-hidden="true">✕</span> {failed} failed
        </span>
      )}
      <Age at={trace.startedAt} />
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
