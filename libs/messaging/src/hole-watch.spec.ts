import { graceMs, HoleWatch } from './hole-watch.js';

describe('the watch for holes', () => {
  it('rests while nothing is announced and nothing waits', () => {
    expect(new HoleWatch().next(7, false, 1_000)).toBe('idle');
  });

  it('gives an announced row its time, then asks', () => {
    const watch = new HoleWatch();
    expect(watch.hear(9, 7, 1_000)).toBe(true);
    expect(watch.next(7, false, 1_000 + graceMs - 1)).toBe('wait');
    expect(watch.next(7, false, 1_000 + graceMs)).toBe('ask');
    expect(watch.next(9, false, 5_000)).toBe('idle');
  });

  it('is not made patient again by announcements while it is behind: a busy producer would never be asked', () => {
    const watch = new HoleWatch();
    for (let n = 10; n < 20; n += 1) watch.hear(n, 7, 1_000 + n * 100);
    expect(watch.next(7, false, 1_000 + 1_000 + graceMs)).toBe('ask');
  });

  it('asks for what was overtaken, and after a replay at once for what follows', () => {
    const watch = new HoleWatch();
    watch.bePatient(0);
    expect([watch.next(3, true, graceMs - 1), watch.next(3, true, graceMs)]).toEqual(['wait', 'ask']);
    watch.applied(true, 500);
    expect(watch.next(4, true, 500)).toBe('ask');
    watch.applied(false, 600);
    expect(watch.next(5, true, 600)).toBe('wait');
  });

  it('hears nothing in a lower number, and rests when the log has ended where it stands', () => {
    const watch = new HoleWatch();
    watch.hear(9, 3, 0);
    expect(watch.hear(8, 3, 10)).toBe(false);
    expect(watch.hear(Number.NaN, 3, 10)).toBe(false);
    watch.isAtEnd(3);
    expect(watch.next(3, false, 9_999)).toBe('idle');
  });
});
