import { useEffect, useRef } from 'react';
import { wantsStillness } from '../parts/motion.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

const outlineMs = 1_600;

/** What each cell shows; a cell whose value is another than before is outlined once. */
const valuesOf = (row: BoardRow): Map<string, string | number | null> =>
  new Map<string, string | number | null>([
    ['rank', row.rank],
    ['verdict', row.verdict],
    ['different', row.rowsDifferent],
    ['lost', row.lostAfterAck],
    ...row.endpoints.map(
      ({ path, verdict, missing, changed, doubled }) => [path, `${verdict} ${missing + changed + doubled}`] as const,
    ),
  ]);

export function useOutlinedChanges(element: React.RefObject<HTMLElement | null>, row: BoardRow): void {
  const before = useRef(valuesOf(row));
  useEffect(() => {
    const values = valuesOf(row);
    const changed = [...values].filter(([cell, value]) => before.current.get(cell) !== value);
    before.current = values;
    if (changed.length === 0 || wantsStillness() || !isSeen(element.current)) return;
    for (const [cell] of changed) {
      const target = element.current?.querySelector(`[data-cell="${CSS.escape(cell)}"]`);
      target?.animate(
        [
          { boxShadow: 'inset 0 0 0 2px var(--ls-accent)' },
          { boxShadow: 'inset 0 0 0 2px var(--ls-accent)', offset: 0.6 },
          { boxShadow: 'inset 0 0 0 2px transparent' },
        ],
        { duration: outlineMs },
      );
    }
  }, [element, row]);
}

const isSeen = (element: HTMLElement | null): boolean =>
  element?.checkVisibility?.({ contentVisibilityAuto: true }) ?? true;
