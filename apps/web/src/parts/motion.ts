/** Whether this person wants nothing to move. Asked each time, since the setting can change while a page is open. */
export const wantsStillness = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
