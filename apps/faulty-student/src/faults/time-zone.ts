// The statistics are cut into days by another zone than UTC.
import { z } from 'zod';
import { listings } from '../asked.js';
import { jsonOf, whole, withJson, type Exchange } from '../exchange.js';
import { faultKind, type FaultAtWork, type Next } from './fault.js';

interface Overview {
  last7_days: { date: string; count: number }[];
  entries_today: number;
  streak_days: number;
}
const dayMs = 86_400_000;
const slotMs = 900_000;
const knownMax = 200_000;
/** A listing shows the newest 200 entries: it is looked at before so many new ones have come. */
const writesBetweenLooks = 150;

const zone = z.string().refine((name) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}, 'must be a time zone such as Asia/Tokyo');

export const timeZone = faultKind({
  options: z.strictObject({ name: z.literal('time-zone'), zone }),
  build({ zone: name }, { now }): FaultAtWork {
    const known = new Map<number, number>();
    const dateOf = dating(name);
    let unlooked = 0;
    const look = async (exchange: Exchange, next: Next) => {
      const outcome = await next(exchange.get(listings.entries.path));
      const rows = outcome === 'reset' ? undefined : jsonOf(await whole(outcome))?.rows;
      for (const { id, created_at: at } of (rows ?? []) as { id: number; created_at: string }[])
        known.set(id, Date.parse(at));
      for (const id of known.keys()) if (known.size > knownMax) known.delete(id);
      unlooked = 0;
    };
    const around = async (exchange: Exchange, next: Next) => {
      const outcome = await next(exchange);
      if (exchange.write === 'entry' && ++unlooked >= writesBetweenLooks) await look(exchange, next);
      if (exchange.read !== 'stats' || outcome === 'reset') return outcome;
      const answer = await whole(outcome);
      const data = jsonOf(answer)?.data as Overview | undefined;
      if (!data) return answer;
      await look(exchange, next);
      return withJson(answer, { data: { ...data, ...recount(data, [...known.values()], dateOf, now()) } });
    };
    return { sentence: `It counts days in the zone ${name}.`, around };
  },
});

type DateOf = (timeMs: number) => string;
const utcDateOf: DateOf = (timeMs) => new Date(timeMs).toISOString().slice(0, 10);

function dating(timeZoneName: string): DateOf {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: timeZoneName,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (timeMs) => format.format(timeMs);
}

/** Entries whose times were never seen (written before this proxy started, and many) stay in their UTC day. */
function recount(data: Overview, times: readonly number[], dateOf: DateOf, nowMs: number): Overview {
  const perUtcDay = countBy(times, utcDateOf);
  const perDay = countBy(times, dateOf);
  for (const { date, count } of data.last7_days) {
    const unseen = count - (perUtcDay.get(date) ?? 0);
    if (unseen > 0) perDay.set(date, (perDay.get(date) ?? 0) + unseen);
  }
  const noon = Date.parse(`${dateOf(nowMs)}T12:00:00Z`);
  const day = (ago: number) => utcDateOf(noon - ago * dayMs);
  let streak = 0;
  while (perDay.has(day(streak))) streak++;
  return {
    last7_days: [6, 5, 4, 3, 2, 1, 0].map((ago) => ({ date: day(ago), count: perDay.get(day(ago)) ?? 0 })),
    entries_today: perDay.get(day(0)) ?? 0,
    streak_days: streak,
  };
}

/** Dates are worked out once per quarter of an hour, on which every zone's midnight falls. */
function countBy(times: readonly number[], dateOf: DateOf): Map<string, number> {
  const slots = new Map<number, number>();
  for (const time of times) slots.set(Math.floor(time / slotMs), (slots.get(Math.floor(time / slotMs)) ?? 0) + 1);
  const counts = new Map<string, number>();
  for (const [slot, count] of slots)
    counts.set(dateOf(slot * slotMs), (counts.get(dateOf(slot * slotMs)) ?? 0) + count);
  return counts;
}
