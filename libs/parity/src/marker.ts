/**
 * A marker is the short unique token that one write carries in its text: `~` and 10 characters of Crockford base32 in
 * lower case, 50 bits. It needs no escape in JSON, HTML or a URL, so it is the same bytes wherever it is found.
 * Inside the engine a marker is that 50-bit integer, exact in a double; NaN stands for "no marker".
 */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const DIGIT_COUNT = 10;
const TILDE = 0x7e;
const BITS_PER_DIGIT = 5;
/** Characters of a marker, `~` included. */
export const MARKER_LENGTH = DIGIT_COUNT + 1;
/** Markers are the integers 0 … MARKER_MAX. */
export const MARKER_MAX = 2 ** (DIGIT_COUNT * BITS_PER_DIGIT) - 1;

const digitOf = new Int8Array(256).fill(-1);
for (let digit = 0; digit < DIGITS.length; digit++) digitOf[DIGITS.charCodeAt(digit)] = digit;

/** The marker of an integer 0 … MARKER_MAX; anything else is a RangeError. */
export function markerOfNumber(value: number): string {
  if (!Number.isInteger(value) || value < 0 || value > MARKER_MAX) {
    throw new RangeError(`a marker is an integer from 0 to ${MARKER_MAX}, got ${value}`);
  }
  let digits = '';
  for (let rest = value; digits.length < DIGIT_COUNT; rest = Math.floor(rest / 32)) {
    digits = DIGITS.charAt(rest % 32) + digits;
  }
  return `~${digits}`;
}

/** The marker of the first 50 bits (big-endian) of at least 7 bytes, usually random ones; fewer are a RangeError. */
export function markerOfBytes(bytes: Uint8Array): string {
  if (bytes.length < 7) throw new RangeError(`a marker needs 7 bytes, got ${bytes.length}`);
  let value = 0;
  for (const byte of bytes.subarray(0, 6)) value = value * 256 + byte;
  return markerOfNumber(value * 4 + ((bytes[6] ?? 0) >> 6));
}

/** The integer of the last marker in a text, NaN when it has none. */
export function findMarkerNumber(text: string): number {
  for (let at = text.lastIndexOf('~'); at >= 0; at = at === 0 ? -1 : text.lastIndexOf('~', at - 1)) {
    let value = 0;
    let digit = 0;
    for (let i = at + 1; i <= at + DIGIT_COUNT && digit >= 0; i++) {
      const code = text.charCodeAt(i);
      digit = code < 256 ? (digitOf[code] ?? -1) : -1;
      value = value * 32 + digit;
    }
    if (digit >= 0) return value;
  }
  return Number.NaN;
}

/** The last marker in a text, null when it has none. */
export function findMarker(text: string): string | null {
  const value = findMarkerNumber(text);
  return Number.isNaN(value) ? null : markerOfNumber(value);
}

/** The integer of the last marker in `bytes[start … end)`, which may be UTF-8 text or JSON as it stands; NaN when there is none. */
export function findMarkerInBytes(bytes: Uint8Array, start = 0, end = bytes.length): number {
  for (let at = (end - MARKER_LENGTH) | 0; at >= start; at--) {
    if (bytes[at] !== TILDE) continue;
    const upper = halfMarker(bytes, at + 1);
    const lower = halfMarker(bytes, at + 6);
    if ((upper | lower) >= 0) return upper * 2 ** 25 + lower;
  }
  return Number.NaN;
}

/** The integer of five digits, negative when one of them is none. */
function halfMarker(bytes: Uint8Array, start: number): number {
  let value = 0;
  let invalid = 0;
  for (let i = start | 0; i < start + 5; i++) {
    const digit = digitOf[bytes[i] ?? 0] ?? -1;
    invalid |= digit;
    value = (value << BITS_PER_DIGIT) | digit;
  }
  return invalid < 0 ? -1 : value;
}
