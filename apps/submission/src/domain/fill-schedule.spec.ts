import fc from 'fast-check';
import { bringForward, decideFill, type FillSchedule } from './fill-schedule.js';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 20) + seconds * 1_000);
const schedule = (part: Partial<FillSchedule> = {}): FillSchedule => ({
  on: true,
  intervalSeconds: 120,
  nextFillAt: null,
  lastRequestedAt: null,
  openFill: null,
  appsTakingPart: 2,
  ...part,
});

describe('the fill schedule', () => {
  it('fills at once at the first start', () => {
    expect(decideFill(schedule(), at(0))).toEqual({ request: 'start', nextFillAt: null });
  });

  it('keeps a promised time over a restart', () => {
    const waiting = schedule({ lastRequestedAt: at(0), nextFillAt: at(90) });
    expect(decideFill(waiting, at(30))).toEqual({ request: null, nextFillAt: at(90) });
    expect(decideFill(waiting, at(90))).toEqual({ request: 'schedule', nextFillAt: null });
  });

  it('promises one interval after the last fill when that has closed', () => {
    expect(decideFill(schedule({ lastRequestedAt: at(0) }), at(10))).toEqual({ request: null, nextFillAt: at(120) });
  });

  it('asks for nothing while off, while a fill is open, and while nobody takes part', () => {
    for (const part of [{ on: false }, { openFill: 3 }, { appsTakingPart: 0 }])
      expect(decideFill(schedule({ nextFillAt: at(-1), ...part }), at(0)).request).toBeNull();
  });

  it('keeps what it has promised to an app that joins while a fill is open, and fills when that has closed', () => {
    const open = schedule({ openFill: 7, lastRequestedAt: at(0), intervalSeconds: 3_600 });
    const promised = bringForward(open, at(10));
    expect(promised).toEqual(at(20));
    expect(decideFill({ ...open, nextFillAt: promised }, at(30))).toEqual({ request: null, nextFillAt: promised });
    expect(decideFill({ ...open, openFill: null, nextFillAt: promised }, at(40))).toEqual({
      request: 'schedule',
      nextFillAt: null,
    });
  });

  it('brings the next fill forward for a newcomer, but never delays it and never crowds the last one', () => {
    const seconds = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(seconds, fc.option(seconds), fc.option(seconds), (now, last, next) => {
        const state = schedule({
          lastRequestedAt: last === null ? null : at(-last),
          nextFillAt: next === null ? null : at(now + next),
        });
        const soon = bringForward(state, at(now));
        if (state.nextFillAt) expect(soon.getTime()).toBeLessThanOrEqual(state.nextFillAt.getTime());
        if (last !== null && soon !== state.nextFillAt)
          expect(soon.getTime()).toBeGreaterThanOrEqual(at(-last + 20).getTime());
        expect(soon.getTime()).toBeGreaterThanOrEqual(at(now).getTime());
      }),
    );
  });
});
