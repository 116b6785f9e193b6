import fc from 'fast-check';
import { storable, storableText } from './storable.js';
import { parseExact, type Json } from '#libs/parity/src/values.js';

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).length;

describe('what is kept of a foreign value', () => {
  it('is a small value as it is', () => {
    const row = { id: 7, text: 'ünï ✨', tags: ['a', null, true], created_at: '2026-11-20T10:00:00Z' };
    expect(storable(row)).toEqual(row);
  });

  it('holds nothing that a database refuses: no NUL and no half of a pair', () => {
    expect(storableText('a\0b')).toBe('a␀b');
    expect(storableText('\ud83d!')).toBe('\ufffd!');
    expect(storableText(`${'x'.repeat(398)}😀 tail`)).toBe(`${'x'.repeat(398)}…`);
    const json = fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), json, (text, value) => {
        const all = JSON.stringify([storable(text), storable({ [text]: text, value })]);
        expect(all).not.toMatch(/\\u0000|\\ud[89a-f]/i);
      }),
    );
  });

  it('has about 2 kB at most, whatever its shape', () => {
    const long = 'é'.repeat(5_000);
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`name ${i} ${long}`, i]));
    const deep = Array.from({ length: 60 }).reduce<Json>((inner) => [inner, long], 1);
    for (const value of [
      long,
      wide,
      { a: wide, b: wide },
      Array.from({ length: 500_000 }, () => 7),
      deep,
      [long, long, long],
    ])
      expect(bytes(storable(value))).toBeLessThan(3_500);
  });

  it('shows a number that a double cannot hold in full', () => {
    const row = parseExact('[9007199254740993, 0.1000000000000000055, 123456789012345678901234567890, 1e999, -5e-400]');
    expect(storable(row)).toEqual([
      '9007199254740993',
      '0.1000000000000000055',
      '123456789012345678901234567890',
      '1e999',
      '-5e-400',
    ]);
  });

  it('keeps a name that would change the prototype as any other', () => {
    expect(JSON.stringify(storable(parseExact('{"__proto__":{"x":1}}')))).toBe('{"__proto__":{"x":1}}');
  });
});
