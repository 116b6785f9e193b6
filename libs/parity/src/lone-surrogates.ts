const BACKSLASH = 0x5c;
const LOWER_U = 0x75;
const ESCAPE_LENGTH = 6;
const REPLACEMENT = [...'\\ufffd'].map((character) => character.charCodeAt(0));

/**
 * A body in which every escape that is half a surrogate pair is the escape of U+FFFD instead. JSON allows such halves, no text can
 * hold them, and one in a row that a stranger wrote would make the whole body unreadable. Of the same length, so offsets stay; the
 * same array when there is none. Meant for valid JSON: in anything else it may replace what only looks like an escape.
 */
export function withoutLoneSurrogates(body: Uint8Array): Uint8Array {
  let healed: Uint8Array | undefined;
  for (let at = body.indexOf(BACKSLASH); at >= 0; at = body.indexOf(BACKSLASH, at)) {
    const unit = unitAt(body, at);
    if (!isHalf(unit)) at += 2;
    else if (unit < 0xdc00 && isLow(unitAt(body, at + ESCAPE_LENGTH))) at += 2 * ESCAPE_LENGTH;
    else {
      healed ??= body.slice();
      healed.set(REPLACEMENT, at);
      at += ESCAPE_LENGTH;
    }
  }
  return healed ?? body;
}

/** The code unit of a `\uXXXX` at `at`; NaN when there is none. */
function unitAt(body: Uint8Array, at: number): number {
  if (body[at] !== BACKSLASH || body[at + 1] !== LOWER_U) return Number.NaN;
  const digits = String.fromCharCode(...body.subarray(at + 2, at + ESCAPE_LENGTH));
  return /^[\da-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
}

const isHalf = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
