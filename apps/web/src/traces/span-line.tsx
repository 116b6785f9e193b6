import { IconChevronRight } from '@tabler/icons-react';
import { Link } from 'react-router';
import { slotClass } from './services.js';
import { spanLabel, type KnownNames } from './span-label.js';
import { busyMs, type SpanNode, type Stretch } from './span-tree.js';
import style from './waterfall.module.css';
import { comparisonPath } from '../parts/paths.js';
import { duration } from '../parts/quantities.js';
import type { TraceSpan } from '#libs/contracts/src/gateway.js';

interface SpanLineProps {
  node: SpanNode;
  totalMs: number;
  slot: number | undefined;
  critical: readonly Stretch[];
  /** Null when there is nothing below. */
  isOpen: boolean | null;
  isShown: boolean;
  isCurrent: boolean;
  /** What somebody came for. */
  isWanted: boolean;
  known: KnownNames;
  onToggle: () => void;
  onShow: () => void;
}

export function SpanLine({
  node,
  totalMs,
  slot,
  critical,
  isOpen,
  isShown,
  isCurrent,
  isWanted,
  known,
  onToggle,
  onShow,
}: SpanLineProps) {
  const { span, depth, queries } = node;
  const label = spanLabel(span, known);
  const words = [label.name, label.who, label.detail].filter(Boolean).join(' ');
  const took = queries ? busyMs(queries) : span.durationMs;
  return (
    <>
      <div
        role="row"
        className={style.line}
        data-span={node.id}
        data-shown={isShown || undefined}
        data-wanted={isWanted || undefined}
        aria-level={depth + 1}
        aria-expanded={isOpen ?? undefined}
        aria-selected={isShown}
        tabIndex={isCurrent ? 0 : -1}
        onClick={onShow}
      >
        <span role="gridcell" className={style.name} style={{ '--depth': depth } as React.CSSProperties}>
          <button
            type="button"
            tabIndex={-1}
            className={style.toggle}
            data-open={isOpen || undefined}
            aria-label={isOpen ? `Close ${span.name}` : `Open ${span.name}`}
            hidden={isOpen === null}
            onClick={(event) => {
              event.stopPropagation();
              onToggle();
            }}
          >
            <IconChevronRight size={13} stroke={2} />
          </button>
          <span className={`${style.dot} ${slotClass(slot)}`} aria-hidden="true" />
          {span.failed && (
            <span className={style.failed}>
              <span aria-hidden="true">✕</span>
              <span className="hidden-text">failed </span>
            </span>
          )}
          <span className={style.label} title={words}>
            {label.name} <span className={style.who}>{label.who}</span>{' '}
            <span className={style.detail}>{label.detail}</span>
          </span>
          <span className={style.service}>{span.service}</span>
        </span>
        <span role="gridcell" className={`${style.took} mono`}>
          {duration(took)}
        </span>
        <span role="gridcell" className={style.track}>
          <Bar bars={queries ?? [span]} totalMs={totalMs} slot={slot} critical={critical} />
        </span>
      </div>
      {isShown && <SpanDetails node={node} />}
    </>
  );
}

interface BarProps {
  /** The span itself, or each query of a folded line. */
  bars: readonly TraceSpan[];
  totalMs: number;
  slot: number | undefined;
  critical: readonly Stretch[];
}

function Bar({ bars, totalMs, slot, critical }: BarProps) {
  const share = (ms: number) => `${totalMs === 0 ? 0 : (ms / totalMs) * 100}%`;
  return (
    <>
      {bars.map((bar) => (
        <span
          key={bar.spanId}
          className={`${style.bar} ${slotClass(slot)}`}
          data-failed={bar.failed || undefined}
          style={{ left: share(bar.startMs), width: share(bar.durationMs) }}
        />
      ))}
      {critical.map(({ startMs, endMs }) => (
        <span
          key={startMs}
          className={style.critical}
          aria-hidden="true"
          style={{ left: share(startMs), width: share(endMs - startMs) }}
        />
      ))}
    </>
  );
}

const linked: Record<string, (value: string) => string> = {
  'lockstep.app.id': (id) => `/apps/${id}`,
  'lockstep.comparison.id': (id) => comparisonPath(id),
};

function SpanDetails({ node: { span, queries } }: { node: SpanNode }) {
  const facts: [string, string][] = [
    ['service', span.service],
    ['kind', span.kind],
    ['begins', `${duration(span.startMs)} after the trace began`],
    ['takes', queries ? `${duration(busyMs(queries))} in ${queries.length} queries` : duration(span.durationMs)],
    ...(span.message ? [['message', span.message] as [string, string]] : []),
  ];
  return (
    <div role="row" className={style.details}>
      <div role="gridcell">
        <dl className="mono">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
          {Object.entries(span.attributes).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{linked[name] ? <Link to={linked[name](String(value))}>{String(value)}</Link> : String(value)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  );
}
