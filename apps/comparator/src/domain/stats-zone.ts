import type { ZoneRange } from './look.js';
import type { Counts } from './stats-body.js';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Minutes east of UTC of every zone that is in use: whole hours, and these. */
const zones: readonly number[] = [
  ...Array.from({ length: 27 }, (_, n) => (n - 12) * 60),
  ...[-570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765],
].toSorted((a, b) => a - b);
const daysShown = 7;

/** What an app says of its days, and the times of the entries that it shows. */
export interface ZonedDays {
  readonly days: Counts;
  readonly today: number;
  readonly entryTimes: readonly number[];
  /** The app's clock in ms. */
  readonly now: number;
}

/**
 * The zones in which an app's days and its count of today follow from its own entries, when there are any but UTC. The oldest day is
 * left out: a list that goes back far enough in one zone may not do so in another. Zones of daylight saving that changed within the
 * week are not found.
 */
export function zonesOf(shown: ZonedDays): ZoneRange | undefined {
  if (shown.entryTimes.some(Number.isNaN)) return undefined;
  const explaining = zones.map((minutes) => explains(minutes, shown));
  return explaining.every((is) => !is) || explaining[zones.indexOf(0)] ? undefined : nearest(explaining);
}

function explains(minutes: number, { days, today, entryTimes, now }: ZonedDays): boolean {
  const dayOf = (ms: number) => new Date(ms + minutes * minuteMs).toISOString().slice(0, 10);
  const counts = new Map<string, number>();
  for (const time of entryTimes) counts.set(dayOf(time), (counts.get(dayOf(time)) ?? 0) + 1);
  const [newest] = [...days.keys()].toSorted().toReversed();
  if (newest !== dayOf(now) || today !== (counts.get(newest) ?? 0)) return false;
  return Array.from({ length: daysShown - 1 }, (_, ago) => dayOf(now - ago * dayMs)).every(
    (day) => (days.get(day) ?? 0) === (counts.get(day) ?? 0),
  );
}

/** Zones that explain the same days usually stand side by side; of several stretches the one that is nearest to UTC. */
function nearest(explaining: readonly boolean[]): ZoneRange {
  const among = zones.filter((_, n) => explaining[n]);
  const start = zones.indexOf(among.reduce((least, zone) => (Math.abs(zone) < Math.abs(least) ? zone : least)));
  let [first, last] = [start, start];
  while (explaining[first - 1]) first -= 1;
  while (explaining[last + 1]) last += 1;
  return { first: zones[first]!, last: zones[last]! };
}
