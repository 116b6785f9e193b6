import { jest } from '@jest/globals';
import { Clock } from './clock.js';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 20, 10) + seconds * 1_000);

describe('the clock of the server', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: at(0) });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is believed from the message that was on its way the shortest', () => {
    const clock = new Clock();
    clock.learn(at(57).toISOString());
    clock.learn(at(60).toISOString());
    clock.learn(at(58).toISOString());
    expect(clock.now()).toBe(at(60).getTime());
  });

  it('is learnt anew when the clock of this computer is set', () => {
    const clock = new Clock();
    clock.learn(at(0).toISOString());
    jest.setSystemTime(at(90));
    clock.learn(at(1).toISOString());
    expect(clock.now()).toBe(at(1).getTime());
  });

  it('ticks only while somebody listens', () => {
    const clock = new Clock();
    const heard = jest.fn();
    const leave = clock.subscribe(heard);
    jest.advanceTimersByTime(3_000);
    leave();
    jest.advanceTimersByTime(3_000);
    expect(heard).toHaveBeenCalledTimes(3);
    expect(jest.getTimerCount()).toBe(0);
  });
});
