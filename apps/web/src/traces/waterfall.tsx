import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { serviceSlots } from './services.js';
import { allLines, closedAround, isOfComparison } from './span-focus.js';
import { SpanLine } from './span-line.js';
import { axisTicks, buildTree, criticalPath, initiallyClosed, visibleLines, type SpanNode } from './span-tree.js';
import { useKnownNames } from './use-known-names.js';
import style from './waterfall.module.css';
import { duration } from '../parts/quantities.js';
import type { TraceView } from '#libs/contracts/src/gateway.js';

const ticksMax = 6;
/** A label needs room at its right. */
const labelledUntil = 0.93;

interface WaterfallProps {
  trace: TraceView;
  /** The comparison that somebody came for: open at first, while the others are closed. */
  comparisonId: string | null;
}

/** Lines on a time axis, to be walked with the arrow keys: up and down, right to open, left to close, Enter for details. */
export function Waterfall({ trace, comparisonId }: WaterfallProps) {
  const known = useKnownNames();
  const tree = useMemo(() => buildTree(trace.spans), [trace.spans]);
  const critical = useMemo(() => criticalPath(trace.spans), [trace.spans]);
  const slots = useMemo(() => serviceSlots([...new Set(trace.spans.map(({ service }) => service))]), [trace.spans]);
  const wanted = useMemo(() => wantedLines(tree, comparisonId), [tree, comparisonId]);
  const [closed, setClosed] = useState<ReadonlySet<string>>(() =>
    comparisonId && wanted.size > 0 ? closedAround(tree, isOfComparison(comparisonId)) : initiallyClosed(tree),
  );
  const [shown, setShown] = useState<string | null>(null);
  const [current, setCurrent] = useState<string | null>(() => [...wanted][0] ?? null);
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => {
    grid.current?.querySelector('[data-wanted]')?.scrollIntoView({ block: 'nearest' });
  }, []);
  const lines = visibleLines(tree, closed);
  const at = Math.max(0, lines.findIndex(({ id }) => id === current)); // prettier-ignore

  const focus = (index: number) => {
    const line = lines[index];
    if (!line) return;
    setCurrent(line.id);
    grid.current?.querySelector<HTMLElement>(`[data-span="${CSS.escape(line.id)}"]`)?.focus();
  };
  const toggle = ({ id, children }: SpanNode, open = closed.has(id)) => {
    if (children.length === 0 || closed.has(id) !== open) return;
    const after = new Set(closed);
    if (open) after.delete(id);
    else after.add(id);
    setClosed(after);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const line = lines[at];
    if (!line || !(event.target as HTMLElement).matches('[data-span]')) return;
    const keys: Record<string, () => void> = {
      ArrowDown: () => focus(at + 1),
      ArrowUp: () => focus(at - 1),
      ArrowRight: () => (closed.has(line.id) ? toggle(line, true) : line.children.length > 0 && focus(at + 1)),
      ArrowLeft: () =>
        line.children.length > 0 && !closed.has(line.id) ? toggle(line, false) : focus(parentIndex(lines, at)),
      Home: () => focus(0),
      End: () => focus(lines.length - 1),
      Enter: () => setShown(shown === line.id ? null : line.id),
      Escape: () => setShown(null),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  return (
    <div ref={grid} className={style.grid} role="treegrid" aria-label="Spans" onKeyDown={onKeyDown}>
      <Axis durationMs={trace.durationMs} />
      {lines.map((line, index) => (
        <SpanLine
          key={line.id}
          node={line}
          totalMs={trace.durationMs}
          slot={slots.get(line.span.service)}
          critical={
            line.queries
              ? line.queries.flatMap((span) => critical.get(span.spanId) ?? [])
              : (critical.get(line.id) ?? [])
          }
          isOpen={line.children.length > 0 ? !closed.has(line.id) : null}
          isShown={shown === line.id}
          isCurrent={index === at}
          isWanted={wanted.has(line.id)}
          known={known}
          onToggle={() => toggle(line)}
          onShow={() => {
            setCurrent(line.id);
            setShown(shown === line.id ? null : line.id);
          }}
        />
      ))}
    </div>
  );
}

const wantedLines = (tree: readonly SpanNode[], comparisonId: string | null): Set<string> =>
  new Set(comparisonId ? allLines(tree).filter(isOfComparison(comparisonId)).map(({ id }) => id) : []); // prettier-ignore

function parentIndex(lines: readonly SpanNode[], at: number): number {
  const depth = lines[at]?.depth ?? 0;
  return lines.findLastIndex((line, index) => index < at && line.depth < depth);
}

function Axis({ durationMs }: { durationMs: number }) {
  return (
    <div className={style.axis} role="row">
      <span role="columnheader">Span</span>
      <span role="columnheader" className={style.took}>
        Took
      </span>
      <span role="columnheader" className={style.ticks}>
        <span className="hidden-text">Time since the trace began</span>
        {axisTicks(durationMs, ticksMax)
          .filter((ms) => ms < durationMs * labelledUntil)
          .map((ms) => (
            <span key={ms} aria-hidden="true" className="mono" style={{ left: `${(ms / durationMs) * 100}%` }}>
              {ms === 0 ? '0' : duration(ms).replace(/\.0+ /, ' ')}
            </span>
          ))}
      </span>
    </div>
  );
}
