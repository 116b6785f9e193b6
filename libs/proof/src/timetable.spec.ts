import { planFor } from './plan.js';
import { nextTick, ticksOf } from './timetable.js';

const plan = planFor(60_000);

describe('the timetable', () => {
  it('reads five times a second, ten seconds longer than the window, and writes once a second within it', () => {
    expect([ticksOf(plan, 'read'), ticksOf(plan, 'write')]).toEqual([350, 60]);
  });

  it('writes 150 times at most, however long the window', () => {
    for (const lengthMs of [15_000, 150_000, 151_000, 600_000, 1_800_000]) {
      const long = planFor(lengthMs);
      expect(ticksOf(long, 'write')).toBeLessThanOrEqual(150);
      expect(long.writeEveryMs).toBeGreaterThanOrEqual(1_000);
    }
  });

  it('goes on by the clock: what was missed is not made up for, and nothing is asked twice', () => {
    expect(nextTick(plan, 'read', -1, 0)).toBe(0);
    expect(nextTick(plan, 'read', 0, 3)).toBe(1);
    expect(nextTick(plan, 'read', 0, 1_050)).toBe(5);
    expect(nextTick(plan, 'read', 5, 1_050)).toBe(6);
    expect(nextTick(plan, 'read', 349, 69_900)).toBeUndefined();
  });
});
