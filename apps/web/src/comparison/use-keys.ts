import { useEffect, useRef } from 'react';
import { useSingleKeys } from './single-keys.js';

/** Single keys for the whole page; quiet while somebody types, beside Ctrl, Alt and Cmd, and when they are switched off. */
export function useKeys(act: (key: string) => void): void {
  const areOn = useSingleKeys();
  const newest = useRef(act);
  useEffect(() => {
    newest.current = act;
  });
  useEffect(() => {
    if (!areOn) return;
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || target.isContentEditable) return;
      if (target.matches('input, textarea, select') || target.closest('[role="dialog"]')) return;
      newest.current(event.key);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [areOn]);
}
