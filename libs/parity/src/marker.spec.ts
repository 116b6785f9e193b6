import fc from 'fast-check';
import {
  findMarker,
  findMarkerInBytes,
  findMarkerNumber,
  MARKER_MAX,
  markerOfBytes,
  markerOfNumber,
} from './marker.js';

const utf8 = new TextEncoder();
const number = fc.maxSafeNat().map((value) => value % (MARKER_MAX + 1));
const noise = fc.string({
  unit: fc.constantFrom('~', '~~', '0', 'z', 'i', 'l', 'o', 'u', 'A', ' ', 'é', '😀', '"'),
  maxLength: 30,
});

describe('a marker', () => {
  it('is a tilde and ten characters without i, l, o, u', () => {
    expect(markerOfNumber(0)).toBe('~0000000000');
    expect(markerOfNumber(MARKER_MAX)).toBe('~zzzzzzzzzz');
    expect(markerOfNumber(31)).toBe('~000000000z');
    expect(markerOfNumber(2 ** 25)).toBe('~0000100000');
    expect(markerOfBytes(Uint8Array.of(255, 255, 255, 255, 255, 255, 192))).toBe('~zzzzzzzzzz');
    expect(markerOfBytes(Uint8Array.of(0, 0, 0, 0, 0, 0, 64, 7, 7))).toBe('~0000000001');
    expect(markerOfBytes(Uint8Array.of(0x80, 0, 0, 0, 0, 0, 63))).toBe('~g000000000');
  });

  it('comes back as the number it was made of', () => {
    fc.assert(fc.property(number, (value) => expect(findMarkerNumber(markerOfNumber(value))).toBe(value)));
  });

  it('is found anywhere, the last one wins, in text as in bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(noise, number.map(markerOfNumber)), { maxLength: 5 }), (parts) => {
        const text = parts.join('');
        const expected = text.match(/(?<=.*)~[0-9a-hjkmnp-tv-z]{10}/gs)?.at(-1) ?? null;
        expect(findMarker(text)).toBe(expected);
        expect(findMarkerInBytes(utf8.encode(text))).toBe(findMarkerNumber(text));
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['', '~', '~123456789', '~012345678I', '~012345678l', '~01234567é9', '0123456789a', '~ABCDEFGHJK'])(
    'is not in %j',
    (text) => {
      expect(findMarker(text)).toBeNull();
      expect(findMarkerInBytes(utf8.encode(text))).toBeNaN();
    },
  );

  it('is looked for between two places of the bytes only', () => {
    const bytes = utf8.encode('~0000000001~0000000002');
    expect(findMarkerInBytes(bytes, 0, 21)).toBe(1);
    expect(findMarkerInBytes(bytes, 1)).toBe(2);
    expect(findMarkerInBytes(bytes, 12)).toBeNaN();
  });

  it.each([-1, 1.5, MARKER_MAX + 1, Number.NaN])('is not made of %d', (value) => {
    expect(() => markerOfNumber(value)).toThrow(RangeError);
  });

  it('needs seven bytes', () => {
    expect(() => markerOfBytes(new Uint8Array(6))).toThrow('needs 7 bytes, got 6');
  });
});
