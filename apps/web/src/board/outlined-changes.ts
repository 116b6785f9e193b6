import { useEffect, useRef } from 'react';
import { shownValues } from './shown.js';
import { wantsStillness } from '../parts/motion.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

const outlineMs = 1_600;

/** A cell that says something else than it last said is outlined once. */
export function useOutlinedChanges(element: React.RefObject<HTMLElement | null>, row: BoardRow): void {
  const before = useRef(shownValues(row));
  useEffect(() => {
    const values = shownValues(row);
    const changed = [...values].filter(([cell, value]) => before.current.get(cell) !== value);
    before.current = new Map([...before.current, ...values]);
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
