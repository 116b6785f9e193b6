import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Button } from '@mantine/core';
import style from './board-page.module.css';
import { pageOf, type Page } from './pages.js';
import { count, plural } from '../parts/quantities.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

const turnEveryMs = 15_000;
/** A screen that holds fewer rows is no projector: it scrolls. */
const roomMin = 4;

/**
 * The rows of the projector view: as many as the screen holds, and the next ones a quarter of a minute later, so that a hall
 * sees everybody. Elsewhere all rows.
 */
export function useKioskPages(rows: readonly BoardRow[], isKiosk: boolean) {
  const board = useRef<HTMLDivElement>(null);
  const perPage = useRoom(board, isKiosk);
  const [turns, setTurns] = useState(0);
  const page = pageOf(rows, isKiosk ? perPage : null, turns);
  const isTurning = isKiosk && page.pages > 1;
  useEffect(() => {
    if (!isTurning) return;
    const timer = setInterval(() => setTurns((before) => before + 1), turnEveryMs);
    return () => clearInterval(timer);
  }, [isTurning, turns]);
  return { board, page, turn: (by: 1 | -1) => setTurns((before) => before + by) };
}

/** How many rows fit below the head of the board; null while that is not known, and where it is too few for pages. */
function useRoom(board: React.RefObject<HTMLDivElement | null>, isKiosk: boolean): number | null {
  const [room, setRoom] = useState<number | null>(null);
  useLayoutEffect(() => {
    if (!isKiosk || !board.current) return;
    const measure = () => {
      const row = board.current?.querySelector('[data-row]');
      const foot = board.current?.querySelector('footer');
      if (!row || !foot) return;
      const { top, bottom } = row.parentElement!.getBoundingClientRect();
      const footPx = foot.getBoundingClientRect().bottom - bottom;
      const heightPx = window.innerHeight - (top + window.scrollY) - footPx;
      const rows = Math.floor(heightPx / row.getBoundingClientRect().height);
      setRoom(rows < roomMin ? null : rows);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(board.current);
    window.addEventListener('resize', measure);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
  }, [board, isKiosk]);
  return room;
}

interface KioskFootProps {
  page: Page<BoardRow>;
  onTurn: (by: 1 | -1) => void;
  onLeave: () => void;
}

/** Which rows these are, and the way out: Esc, or the button where there is no keyboard. Arrows turn the page. */
export function KioskFoot({ page, onTurn, onLeave }: KioskFootProps) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.target as HTMLElement).closest('[data-row]') || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'ArrowRight') onTurn(1);
      if (event.key === 'ArrowLeft') onTurn(-1);
      if (event.key === 'Escape') onLeave();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [onTurn, onLeave]);
  return (
    <footer className={style.foot}>
      {page.pages > 1 && (
        <p className="figures">
          {count(page.first)} to {count(page.first + page.rows.length - 1)} of {plural(page.total, 'app')}, page{' '}
          {page.number} of {page.pages}
        </p>
      )}
      <Button variant="subtle" size="compact-xs" color="gray" rightSection={<kbd>Esc</kbd>} onClick={onLeave}>
        Leave
      </Button>
    </footer>
  );
}
