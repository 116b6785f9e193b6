import {
  useEffect,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type RefObject,
} from 'react';
import { useNavigate } from 'react-router';
import { walkRows } from './row-keys.js';

export interface ShownTip {
  readonly appId: string;
  /** The path of an endpoint, or `verdict`. */
  readonly cell: string;
  readonly anchor: DOMRect;
  /** Opened by a finger: then it is a small dialog of its own, since there is no hover and no `t`. */
  readonly isTapped?: boolean;
}

const showAfterMs = 140;
const hideAfterMs = 120;

/**
 * One tip for all cells: on hover and focus, gone with Escape; the pointer may move onto it. `t` opens the trace of a cell,
 * arrows walk the board. A finger on an endpoint opens the tip instead of the comparison: both are one tap away in it.
 */
export function useCellTip(table: RefObject<HTMLElement | null>) {
  const { shown, show, later, keep } = useTip();
  const onKeys = useCellKeys(() => show(null));
  // React hands events of the tip to the table as well, since it is drawn from there.
  const isOfTable = ({ target }: { target: EventTarget }) => table.current?.contains(target as Node) === true;
  const onPointerLeave = (event: PointerEvent) => event.pointerType === 'mouse' && later(null, hideAfterMs);

  const handlers = {
    onPointerLeave,
    onPointerOver: (event: PointerEvent) => {
      if (event.pointerType !== 'mouse' || !isOfTable(event)) return;
      const tip = tipAt(event.target, table.current);
      later(tip, tip ? showAfterMs : hideAfterMs);
    },
    onFocus: (event: FocusEvent) => {
      if (isOfTable(event) && event.target.matches(':focus-visible')) later(tipAt(event.target, table.current), 0);
    },
    onBlur: (event: FocusEvent) => isOfTable(event) && !shown?.isTapped && later(null, 0),
    onKeyDown: (event: KeyboardEvent) => isOfTable(event) && onKeys(event),
    onClickCapture: (event: MouseEvent) => {
      const tip = isOfTable(event) && isTap(event) ? tipAt(event.target, table.current) : null;
      if (!tip || tip.cell === 'verdict') return;
      event.preventDefault();
      show({ ...tip, isTapped: true });
    },
  };
  return { shown, handlers, tipHandlers: { onPointerEnter: keep, onPointerLeave, onClose: () => show(null) } };
}

const isTap = ({ nativeEvent }: MouseEvent): boolean =>
  (nativeEvent as globalThis.PointerEvent).pointerType === 'touch';

/** What is shown, now or in a moment; nothing as soon as the page scrolls, since a tip stands beside its cell. */
function useTip() {
  const [shown, setShown] = useState<ShownTip | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const keep = () => clearTimeout(timer.current);
  const show = (tip: ShownTip | null) => {
    keep();
    setShown(tip);
  };
  const later = (tip: ShownTip | null, ms: number) => {
    keep();
    timer.current = setTimeout(() => setShown(tip), ms);
  };
  useEffect(() => {
    const onScroll = () => setShown(null);
    window.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      window.removeEventListener('scroll', onScroll);
      clearTimeout(timer.current);
    };
  }, []);
  return { shown, show, later, keep };
}

function useCellKeys(hide: () => void) {
  const navigate = useNavigate();
  return (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const link = event.target as HTMLElement;
    if (event.key === 'Escape') hide();
    if (event.key === 't' && link.dataset.trace) void navigate(link.dataset.trace);
    const next = walkRows(event.key, link);
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
}

function tipAt(target: EventTarget, table: HTMLElement | null): ShownTip | null {
  const cell = (target as HTMLElement).closest<HTMLElement>('[data-tip]');
  const row = cell?.closest<HTMLElement>('[data-row]');
  if (!cell || !row || !table?.contains(cell)) return null;
  return { appId: row.dataset.row!, cell: cell.dataset.cell!, anchor: cell.getBoundingClientRect() };
}
