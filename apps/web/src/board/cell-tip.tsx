import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { Link } from 'react-router';
import style from './cell-tip.module.css';
import { shownCell } from './shown.js';
import type { ShownTip } from './use-cell-tip.js';
import { countsInWords } from '../parts/endpoint-words.js';
import { comparisonPath, tracePath } from '../parts/paths.js';
import { count } from '../parts/quantities.js';
import { VerdictTag } from '../parts/verdict.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

interface CellTipProps extends ShownTip {
  row: BoardRow | undefined;
  handlers: {
    onPointerEnter: () => void;
    onPointerLeave: (event: React.PointerEvent) => void;
    onClose: () => void;
  };
}

const gapPx = 6;
const edgePx = 8;

/** What stands behind one cell. Screen readers have it in the cell's own name; the keyboard opens the trace with `t`. */
export function CellTip({ cell, anchor, row, isTapped = false, handlers: { onClose, ...handlers } }: CellTipProps) {
  const element = useRef<HTMLDivElement>(null);
  const place = usePlace(element, anchor);
  useDialog(element, isTapped, onClose);
  if (!row) return null;
  const endpoint = row.endpoints.find(({ path }) => path === cell);
  const shown = endpoint && shownCell(row, endpoint);
  const what = endpoint?.label ?? row.name;
  const dialog = isTapped ? { role: 'dialog', 'aria-label': `${what} of ${row.name}` } : { 'aria-hidden': true };
  return createPortal(
    <div ref={element} className={style.tip} style={place} {...dialog} {...handlers}>
      <div className={style.head}>
        <VerdictTag verdict={shown?.verdict ?? row.verdict} />
        <span className={style.what}>{what}</span>
      </div>
      {endpoint && shown?.off !== null ? (
        <dl className={style.figures}>
          {countsInWords(endpoint).map(({ value, word }) => (
            <div key={word} data-zero={value === 0 || undefined}>
              <dt>{word}</dt>
              <dd className="mono">{count(value)}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className={style.sentence}>{row.sentence}</p>
      )}
      {endpoint && <p className={`${style.path} mono`}>{endpoint.path}</p>}
      <TipLinks row={row} path={endpoint?.path} isTapped={isTapped} />
    </div>,
    document.body,
  );
}

function TipLinks({ row, path, isTapped }: { row: BoardRow; path: string | undefined; isTapped: boolean }) {
  const tabIndex = isTapped ? undefined : -1;
  return (
    <div className={style.links}>
      {row.comparisonId && (
        <Link tabIndex={tabIndex} to={comparisonPath(row.comparisonId, path)}>
          Comparison
        </Link>
      )}
      {row.traceId && (
        <Link tabIndex={tabIndex} to={tracePath(row.traceId, row.comparisonId)}>
          Trace {!isTapped && <kbd>t</kbd>}
        </Link>
      )}
    </div>
  );
}

/** Below the cell; above it where there is no room; never over an edge of the window. */
function usePlace(element: React.RefObject<HTMLDivElement | null>, anchor: DOMRect) {
  const [place, setPlace] = useState({ left: anchor.left, top: anchor.bottom + gapPx });
  useLayoutEffect(() => {
    if (!element.current) return;
    const { offsetWidth, offsetHeight } = element.current;
    const below = anchor.bottom + gapPx;
    setPlace({
      left: Math.max(edgePx, Math.min(anchor.left, window.innerWidth - offsetWidth - edgePx)),
      top: below + offsetHeight > window.innerHeight - edgePx ? anchor.top - gapPx - offsetHeight : below,
    });
  }, [element, anchor]);
  return place;
}

/** Opened by a finger it takes the focus, and goes with a tap elsewhere or Escape. */
function useDialog(element: React.RefObject<HTMLDivElement | null>, isOpen: boolean, onClose: () => void): void {
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    if (!isOpen) return;
    element.current?.querySelector('a')?.focus({ preventScroll: true });
    const onPress = (event: Event) => {
      if (!element.current?.contains(event.target as Node)) close.current();
    };
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && close.current();
    document.addEventListener('pointerdown', onPress);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('pointerdown', onPress);
      document.removeEventListener('keydown', onKey);
    };
  }, [element, isOpen]);
}
