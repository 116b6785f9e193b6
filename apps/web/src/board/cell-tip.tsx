import { useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { Link } from 'react-router';
import style from './cell-tip.module.css';
import type { ShownTip } from './use-cell-tip.js';
import { count } from '../parts/quantities.js';
import { VerdictTag } from '../parts/verdict.js';
import type { EndpointParity } from '#libs/contracts/src/comparator.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

interface CellTipProps extends ShownTip {
  row: BoardRow | undefined;
  handlers: { onPointerEnter: () => void; onPointerLeave: () => void };
}

const gapPx = 6;
const edgePx = 8;

/** What stands behind one cell. Screen readers have it in the cell's own name; the keyboard opens the trace with `t`. */
export function CellTip({ cell, anchor, row, handlers }: CellTipProps) {
  const element = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: anchor.left, top: anchor.bottom + gapPx });
  useLayoutEffect(() => {
    const { offsetWidth, offsetHeight } = element.current!;
    const below = anchor.bottom + gapPx;
    setPlace({
      left: Math.max(edgePx, Math.min(anchor.left, window.innerWidth - offsetWidth - edgePx)),
      top: below + offsetHeight > window.innerHeight - edgePx ? anchor.top - gapPx - offsetHeight : below,
    });
  }, [anchor]);
  if (!row) return null;
  const endpoint = row.endpoints.find(({ path }) => path === cell);
  return createPortal(
    <div ref={element} className={style.tip} style={place} aria-hidden="true" {...handlers}>
      <div className={style.head}>
        <VerdictTag verdict={endpoint?.verdict ?? row.verdict} />
        <span className={style.what}>{endpoint?.label ?? row.name}</span>
      </div>
      {endpoint ? <EndpointFigures endpoint={endpoint} /> : <p className={style.sentence}>{row.sentence}</p>}
      <div className={style.links}>
        {row.comparisonId && (
          <Link
            tabIndex={-1}
            to={`/comparisons/${row.comparisonId}${endpoint ? `?endpoint=${encodeURIComponent(endpoint.path)}` : ''}`}
          >
            Comparison
          </Link>
        )}
        {row.traceId && (
          <Link tabIndex={-1} to={`/traces/${row.traceId}`}>
            Trace <kbd>t</kbd>
          </Link>
        )}
      </div>
    </div>,
    document.body,
  );
}

const figures = ['matched', 'missing', 'changed', 'doubled', 'outside'] as const;

function EndpointFigures({ endpoint }: { endpoint: EndpointParity }) {
  return (
    <>
      <dl className={style.figures}>
        {figures.map((name) => (
          <div key={name} data-zero={endpoint[name] === 0 || undefined}>
            <dt>{name}</dt>
            <dd className="mono">{count(endpoint[name])}</dd>
          </div>
        ))}
      </dl>
      {endpoint.note && <p className={style.sentence}>{endpoint.note}</p>}
      <p className={`${style.path} mono`}>{endpoint.path}</p>
    </>
  );
}
