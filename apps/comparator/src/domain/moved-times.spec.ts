import fc from 'fast-check';
import { movedTimes, type StampedRow } from './moved-times.js';

const hourMs = 3_600_000;
const start = Date.UTC(2026, 10, 20, 10);
/** Rows that were acknowledged at these hours, and what each shows as its time. */
const rows = (hours: readonly number[], time: (acknowledged: number, n: number) => number): StampedRow[] =>
  hours.map((hour, n) => ({ acknowledged: start + hour * hourMs, time: time(start + hour * hourMs, n) }));
const hours = [0, 1, 2, 3, 4, 5];
const none = hours.map(() => undefined);

describe('times that have moved', () => {
  it('are those with a unit that is a thousand times too small or too large', () => {
    const old = ['wrong-unit', 'wrong-unit', 'wrong-unit', undefined, undefined, undefined];
    expect(movedTimes(rows(hours, (at, n) => (n < 3 ? Math.floor(at / 1_000) : at)))).toEqual(old);
    expect(movedTimes(rows(hours, (at, n) => (n < 3 ? at * 1_000 : at)))).toEqual(old);
  });

  it('are told by one row that is right, whichever it is, and by an app’s own clock and zone', () => {
    const skewed = (at: number) => at - 40 * 24 * hourMs + 9 * hourMs;
    const shown = rows(hours, (at, n) => (n === 1 ? skewed(at) : skewed(at) / 1_000));
    expect(movedTimes(shown)).toEqual(none.map((_, n) => (n === 1 ? undefined : 'wrong-unit')));
  });

  it('are not known of an app all of whose rows are off, or that shows no times', () => {
    expect(movedTimes(rows(hours, (at) => at / 1_000))).toEqual(none);
    expect(movedTimes(rows(hours, () => Number.NaN))).toEqual(none);
    expect(movedTimes([])).toEqual([]);
  });

  it('are one and the same of rows of days that were stamped when they were copied', () => {
    const copied = (right: number) => (at: number, n: number) => Math.max(at, start + 90 * hourMs + n * 1_000) - right;
    const old = ['copied', 'copied', 'copied'];
    const right = Array.from({ length: 4 }, () => undefined);
    expect(movedTimes(rows([0, 30, 60, 91, 92, 93, 94], copied(0)))).toEqual([...old, ...right]);
    expect(movedTimes(rows([0, 30, 60, 91, 92, 93, 94], copied(5 * 24 * hourMs)))).toEqual([...old, ...right]);
    expect(movedTimes(rows([0, 30, 60, 91, 92], copied(0)))).toEqual(none.slice(1));
    expect(movedTimes(rows([0, 1, 2, 91, 92, 93, 94], copied(0)))).toEqual([...none.slice(3), ...right]);
  });

  it('are none where a clock was wrong by days, and put right in between', () => {
    for (const days of [-20_000, -3, 2, 800])
      for (const from of hours)
        expect(movedTimes(rows(hours, (at, n) => at + (n < from ? days * 24 * hourMs : 0)))).toEqual(none);
  });

  it('are none of any clock that runs, however often it was set', () => {
    const decades = { min: -50 * 365 * 24, max: 50 * 365 * 24 };
    const settings = fc.array(fc.record({ at: fc.integer({ min: 0, max: 200 }), by: fc.integer(decades) }), { maxLength: 4 }); // prettier-ignore
    fc.assert(
      fc.property(settings, fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 40 }), (set, when) => {
        const ordered = when.toSorted((a, b) => a - b);
        const shown = rows(ordered, (at) => at + hourMs * (set.find((one) => start + one.at * hourMs > at)?.by ?? 0));
        expect(movedTimes(shown)).toEqual(ordered.map(() => undefined));
      }),
    );
  });
});
