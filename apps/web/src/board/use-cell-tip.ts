import {
  useEffect,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
} from 'react';
import { useNavigate } from 'react-router';

export interface ShownTip {
  readonly appId: string;
  /** The path of an endpoint, or `verdict`. */
  readonly cell: string;
  readonly anchor: DOMRect;
}

const showAfterMs = 140;
const hideAfterMs = 120;

/** One tip for all cells: on hover and focus, gone with Escape; the pointer may move onto it. `t` opens the trace of a cell. */
export function useCellTip(table: RefObject<HTMLElement | null>) {
  const [shown, setShown] = useState<ShownTip | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const navigate = useNavigate();
  const later = (tip: ShownTip | null, ms: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setShown(tip), ms);
  };
  useEffect(() => {
    const hide = () => setShown(null);
    window.addEventListener('scroll', hide, { passive: true });
    return () => {
      window.removeEventListener('scroll', hide);
      clearTimeout(timer.current);
    };
  }, []);

  const handlers = {
    onPointerOver: (event: PointerEvent) => {
      if (event.pointerType !== 'mouse') return;
      const tip = tipAt(event.target, table.current);
      later(tip, tip ? showAfterMs : hideAfterMs);
    },
    onPointerLeave: () => later(null, hideAfterMs),
    onFocus: (event: FocusEvent) => {
      if (event.target.matches(':focus-visible')) later(tipAt(event.target, table.current), 0);
    },
    onBlur: () => later(null, 0),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Escape') setShown(null);
      const traceId = (event.target as HTMLElement).dataset.trace;
      if (event.key === 't' && traceId && !event.ctrlKey && !event.metaKey) void navigate(`/traces/${traceId}`);
    },
  };
  const tipHandlers = {
    onPointerEnter: () => clearTimeout(timer.current),
    onPointerLeave: () => later(null, hideAfterMs),
  };
  return { shown, handlers, tipHandlers };
}

function tipAt(target: EventTarget, table: HTMLElement | null): ShownTip | null {
  const cell = (target as HTMLElement).closest<HTMLElement>('[data-tip]');
  const row = cell?.closest<HTMLElement>('[data-row]');
  if (!cell || !row || !table?.contains(cell)) return null;
  return { appId: row.dataset.row!, cell: cell.dataset.cell!, anchor: cell.getBoundingClientRect() };
}
