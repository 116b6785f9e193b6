import { jest } from '@jest/globals';
import { StallMeter } from './stall-meter.js';

describe('the stall meter', () => {
  let now = 0;
  const meter = () => new StallMeter(() => now);
  /** Lets a timer fire after its 100 ms and `lateMs` more. */
  const tick = (lateMs: number) => {
    now += 100 + lateMs;
    jest.advanceTimersByTime(100);
  };
  beforeEach(() => {
    now = 0;
    jest.useFakeTimers();
  });
  afterEach(() => jest.useRealTimers());

  it('counts how late its timer comes, without ordinary jitter', () => {
    const one = meter();
    for (const lateMs of [0, 5, 20]) tick(lateMs);
    expect(one.stalledMs()).toBe(0);
    tick(520);
    tick(1020);
    expect(one.stalledMs()).toBe(1_500);
    one.stop();
  });

  it('knows of a stall that its timer has not seen yet', () => {
    const one = meter();
    now = 720;
    expect(one.stalledMs()).toBe(600);
    jest.advanceTimersByTime(100);
    expect(one.stalledMs()).toBe(600);
    one.stop();
  });
});
