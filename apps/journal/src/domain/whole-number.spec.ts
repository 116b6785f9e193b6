import fc from 'fast-check';
import { checkWholeNumber } from './whole-number.js';

describe('a value', () => {
  it.each([
    ['42', 42],
    ['-3', -3],
    ['+5', 5],
    ['0', 0],
    ['-0', -0],
    ['007', 7],
    [' 9 ', 9],
    [`${'0'.repeat(5000)}8`, 8],
    ['2147483647', 2_147_483_647],
    ['-2147483648', -2_147_483_648],
    [2_147_483_647, 2_147_483_647],
    [-7, -7],
  ])('%p is taken', (given, number) => {
    expect(checkWholeNumber(given)).toEqual({ ok: true, value: number });
  });

  it.each([
    ['12abc'],
    ['abc'],
    ['1.5'],
    ['1e3'],
    ['0x10'],
    ['1_000'],
    [' '],
    ['2147483648'],
    ['-2147483649'],
    ['99999999999'],
    [2_147_483_648],
    [1.5],
    [true],
    [[1, 2]],
    [['7']],
    [{}],
  ])('%p is refused with the range', (given) => {
    expect(checkWholeNumber(given)).toEqual({
      ok: false,
      problem: 'value must be a whole number between -2147483648 and 2147483647',
    });
  });

  it.each([[undefined], [null], ['']])('%p is required', (given) => {
    expect(checkWholeNumber(given)).toEqual({ ok: false, problem: 'value is required' });
  });

  it('0 is refused as a number, with the way to send it', () => {
    expect(checkWholeNumber(0)).toEqual({ ok: false, problem: 'value 0 is taken only as text: send {"value":"0"}' });
  });

  it('takes every 32 bit number as text, and gives back that number', () => {
    fc.assert(
      fc.property(fc.integer(), (n) => {
        expect(checkWholeNumber(String(n))).toEqual({ ok: true, value: n });
      }),
    );
  });
});
