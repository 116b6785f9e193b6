import { age, bytes, count, dayAndTime, duration, left, plural } from './quantities.js';

describe('quantities for people', () => {
  it('part thousands and say one or many', () => {
    expect([count(1_204), plural(1, 'row'), plural(2, 'row'), plural(0, 'look')]).toEqual([
      '1,204',
      '1 row',
      '2 rows',
      '0 looks',
    ]);
  });

  it.each([
    [0.3, '300 µs'],
    [9.96, '10.0 ms'],
    [61.8, '62 ms'],
    [999, '999 ms'],
    [1_204.5, '1.20 s'],
    [45_000, '45.0 s'],
    [125_000, '2 min 5 s'],
  ])('a duration of %d ms is %s', (ms, text) => expect(duration(ms)).toBe(text));

  it.each([
    [-5_000, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [7_199_000, '1 h'],
    [200_000_000, '2 d'],
  ])('an age of %d ms is %s', (ms, text) => expect(age(ms)).toBe(text));

  it.each([
    [-1, '0 s'],
    [41_001, '42 s'],
    [134_000, '134 s'],
    [365_000, '6 min 05 s'],
    [3_700_000, '1 h 01 min'],
  ])('%d ms are left as %s', (ms, text) => expect(left(ms)).toBe(text));

  it('say the day of a time when it is not today', () => {
    const at = new Date(2026, 10, 24, 23, 38, 2);
    const later = (hours: number) => dayAndTime(at.toISOString(), at.getTime() + hours * 3_600_000);
    expect([later(0), later(0.3), later(1), later(-24), later(24 * 366)]).toEqual([
      '23:38:02',
      '23:38:02',
      '24 Nov 23:38',
      '24 Nov 23:38',
      '24 Nov 23:38',
    ]);
  });

  it('name sizes in powers of a thousand', () => {
    expect([bytes(91), bytes(18_204), bytes(16_000_000)]).toEqual(['91 B', '18.2 kB', '16.0 MB']);
  });
});
