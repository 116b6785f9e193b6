import { useEffect } from 'react';

/** What the browser's tab, the history and screen readers call this page. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Lockstep`;
  }, [title]);
}
