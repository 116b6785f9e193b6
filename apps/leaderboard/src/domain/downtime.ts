import type { DataOf } from '#libs/contracts/src/contract.js';
import type { Downtime } from '#libs/contracts/src/leaderboard.js';
import type { ProbeWindowClosed } from '#libs/contracts/src/windows.js';

/**
 * What an app's windows say of its downtime: the worst of them, on the day up to the newest that measured anything.
 *
 * The worst, since whoever was down could else declare another window while nothing moves. Of a day, so that a rehearsal does not count
 * for ever; up to the newest window and not up to now, so that nobody gets rid of it by waiting: the app must be watched again. A window
 * that proved nothing, by our gap or for want of traffic, is never worse than one that measured, and makes none of them old.
 */
const dayMs = 86_400_000;
/** Of one app. Beyond it the smaller ones go: as in a day of nothing but windows, each a little better than the one before. */
const keptMax = 20;

/** Its time is that of its declaration; of older events only that of its end is known. */
export const seenIn = ({
  windowId,
  verdict,
  downtimeMs,
  declaredAt,
  closedAt,
}: DataOf<typeof ProbeWindowClosed>): Downtime => ({
  ...{ windowId, verdict, at: declaredAt ?? closedAt },
  ms: verdict === 'not-proven' ? null : Math.max(downtimeMs.read, downtimeMs.write),
});

/**
 * The windows of one app that are or may become its worst, oldest first, and so worst first: a window goes when a later one is as bad.
 * It is the same in whatever order they are heard.
 */
export function withSeen(windows: readonly Downtime[], seen: Downtime): readonly Downtime[] {
  const all = [...windows, seen].toSorted((a, b) => timeOf(a) - timeOf(b) || a.windowId.localeCompare(b.windowId));
  const newest = all.findLast(({ ms }) => ms !== null);
  const sinceMs = newest ? timeOf(newest) - dayMs : -Infinity;
  const kept = all.filter(
    (one, index) => timeOf(one) >= sinceMs && all.slice(index + 1).every((later) => badness(later) < badness(one)),
  );
  return kept.length > keptMax ? [...kept.slice(0, keptMax - 1), kept.at(-1)!] : kept;
}

export const worst = (windows: readonly Downtime[]): Downtime | null => windows[0] ?? null;

const timeOf = ({ at }: Downtime): number => Date.parse(at);

const badness = ({ verdict, ms }: Downtime): number => (ms === null ? 0 : verdict === 'proven' ? 1 : 2 + ms);

/**
 * Where an app stands by its downtime, the least first: proven without any, then not measured, then violated, the longer the later.
 * Never to be watched is no way around: it is behind every proof, and staff may watch anybody. And what was not watched, or proved
 * nothing, which may be our fault, is never behind what was seen to be down.
 */
export function placeOf(downtime: Downtime | null): number {
  if (downtime === null || downtime.ms === null) return 1;
  return downtime.verdict === 'proven' ? 0 : 2 + downtime.ms;
}
