import type { ZoneRange } from './look.js';
import type { Counts } from './stats-body.js';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Minutes east of UTC of every zone that is in use: whole hours, and these. */
const zones: readonly number[] = [
  ...Array.from({ length: 27 }, (_, n) => (n - 12) * 60),
  ...[-570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765],
].toSorted((a, b) => a - b);
const slotMs = 15 * minuteMs;
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
 * week are not found. Linear in the entries.
 */
export function zonesOf(shown: ZonedDays): ZoneRange | undefined {
  if (shown.entryTimes.some(Number.isNaN)) return undefined;
  const slots = slotsOf(shown);
  const explaining = zones.map((minutes) => explains(minutes, shown, slots));
  return explaining.every((is) => !is) || explaining[zones.indexOf(0)] ? undefined : nearest(explaining);
}

/** Entries of the week by quarters of an hour: every zone's midnight falls on one. */
function slotsOf({ entryTimes, now }: ZonedDays): ReadonlyMap<number, number> {
  const slots = new Map<number, number>();
  for (const time of entryTimes) {
    if (Math.abs(now - time) > (daysShown + 1) * dayMs) continue;
    const slot = Math.floor(time / slotMs) * slotMs;
    slots.set(slot, (slots.get(slot) ?? 0) + 1);
  }
  return slots;
}

function explains(minutes: number, { days, today, now }: ZonedDays, slots: ReadonlyMap<number, number>): boolean {
  const dayOf = (ms: number) => Math.floor((ms + minutes * minuteMs) / dayMs);
  const counts = new Map<number, number>();
  for (const [slot, count] of slots) counts.set(dayOf(slot), (counts.get(dayOf(slot)) ?? 0) + count);
  const newest = dayOf(now);
  const [newestShown] = [...days.keys()].toSorted().toReversed();
  if (newestShown !== dateOf(newest) || today !== (counts.get(newest) ?? 0)) return false;
  return Array.from({ length: daysShown - 1 }, (_, ago) => newest - ago).every(
    (day) => (days.get(dateOf(day)) ?? 0) === (counts.get(day) ?? 0),
  );
}

const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** Zones that explain the same days usually stand side by side; of several stretches the one that is nearest to UTC. */
function nearest(explaining: readonly boolean[]): ZoneRange {
  const among = zones.filter((_, n) => explaining[n]);
  const start = zones.indexOf(among.reduce((least, zone) => (Math.abs(zone) < Math.abs(least) ? zone : least)));
  let [first, last] = [start, start];
  while (explaining[first - 1]) first -= 1;
  while (explaining[last + 1]) last += 1;
  return { first: zones[first]!, last: zones[last]! };
}
