import fc from 'fast-check';
import { zonesOf } from './stats-zone.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const now = Date.parse('2026-11-20T16:40:00.000Z');

/** The days that an app shows which cuts them in a zone. */
function daysIn(minutes: number, entryTimes: readonly number[]) {
  const dayOf = (ms: number) => new Date(ms + minutes * 60_000).toISOString().slice(0, 10);
  const days = [6, 5, 4, 3, 2, 1, 0].map((ago) => dayOf(now - ago * dayMs));
  const counts = days.map((day) => [day, entryTimes.filter((time) => dayOf(time) === day).length] as const);
  return { days: new Map(counts), today: counts[6]![1], entryTimes, now };
}

describe('the zone of days that do not follow in UTC', () => {
  it('is found for any entries, wherever they tell it from UTC', () => {
    const times = fc.array(fc.integer({ min: now - 5 * dayMs, max: now }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.constantFrom(-480, -210, 60, 330, 540, 840), times, (zone, entryTimes) => {
        const found = zonesOf(daysIn(zone, entryTimes));
        if (found === undefined) return; // UTC explains the same days
        expect(found.first).toBeLessThanOrEqual(found.last);
        expect(Math.sign(found.first)).toBe(Math.sign(found.last));
      }),
    );
  });

  it('is narrowed down by entries around its midnight', () => {
    const midnight = Date.parse('2026-11-20T15:00:00.000Z'); // in Tokyo
    const shown = daysIn(540, [midnight - 10 * 60_000, midnight + 10 * 60_000, now - 60_000]);
    expect(zonesOf(shown)).toEqual({ first: 540, last: 540 });
  });

  it('is none when the days follow in UTC, or in no zone at all', () => {
    expect(zonesOf(daysIn(0, [now - hourMs, now - 20 * hourMs]))).toBeUndefined();
    expect(zonesOf({ ...daysIn(540, [now - hourMs]), today: 7 })).toBeUndefined();
    expect(zonesOf({ ...daysIn(540, [now - hourMs]), entryTimes: [Number.NaN] })).toBeUndefined();
  });
});
