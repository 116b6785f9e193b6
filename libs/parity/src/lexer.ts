import { decimalParts, DIGITS_EXACT } from './decimal.js';
import { lowestByte, QUOTE, specialBytes, TAG_LONG_NUMBER, TAG_NUMBER, TAG_STRING, TAG_WORD } from './keyed-hash.js';
import type { KeyedHash } from './keyed-hash.js';
import { refuse } from './refusal.js';
import type { Limits } from './shape.js';

const BACKSLASH = 0x5c;
export const MINUS = 0x2d;
export const ZERO = 0x30;
export const NINE = 0x39;
const END = -1;
const STRING = 'inside a string';
/** Bytes that one escape may add. */
const SCRATCH_SPARE = 4;
/** Beyond this exponent a number is hashed by its text. What is short-cut stays far below it, so both ways agree. */
const EXPONENT_MAX = 1_000_000;
const EXPONENT_SHORT_MAX = 100_000;

/** Scalars of strict JSON (RFC 8259) read from UTF-8 bytes; each leaves the keyed hash of its value in `hash`. */
export class Lexer {
  pos = 0;
  /** Where the decoded bytes of the last string stand: in the body itself unless it had escapes. */
  text: Uint8Array;
  textStart = 0;
  textEnd = 0;
  /** The last number as mantissa × 10^exponent: exact when that is a safe integer, else nearly so. */
  mantissa = 0;
  exponent = 0;
  /** Every number so far is exactly what a double holds: at most 15 characters and no exponent. */
  protected isPlain = true;
  protected view: DataView;
  private scratchLength = 0;
  private scratch = new Uint8Array(256);
  private scratchView = new DataView(this.scratch.buffer);

  constructor(
    protected bytes: Uint8Array,
    readonly hash: KeyedHash,
    protected limits: Limits,
  ) {
    this.text = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  protected peek(): number {
    return this.bytes[this.pos] ?? END;
  }

  /** Skips white space and returns the byte after it, -1 at the end. */
  protected next(): number {
    let c = this.peek();
    while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) {
      this.pos++;
      c = this.peek();
    }
    return c;
  }

  /** Reads a string; `pos` stands on its opening quote. */
  protected string(): void {
    const start = this.pos + 1;
    const end = this.hash.plainString(this.view, start);
    if (end < 0) return this.escapedString(start);
    this.pos = end + 1;
    this.checkLength(start, end);
    if (!this.hash.isAscii) this.checkUtf8(start, end);
    this.text = this.bytes;
    this.textStart = start;
    this.textEnd = end;
  }

  /** Reads a string run by run into the scratch bytes, decoded, and hashes those. */
  private escapedString(start: number): void {
    this.scratchLength = 0;
    this.pos = start;
    for (;;) {
      const runStart = this.pos;
      this.pos = this.runEnd(runStart);
      this.checkLength(start, this.pos);
      this.appendRun(runStart, this.pos);
      const c = this.peek();
      if (c === QUOTE) break;
      if (c !== BACKSLASH) this.refuseByte(c === END ? 'the text ends' : 'a control character stands', STRING);
      this.escape();
    }
    const end = this.pos++;
    this.checkUtf8(start, end);
    this.text = this.scratch;
    this.textStart = 0;
    this.textEnd = this.scratchLength;
    this.hash.bytes(this.scratchView, 0, this.scratchLength, TAG_STRING);
  }

  private checkLength(start: number, end: number): void {
    if (end - start > this.limits.stringBytesMax) {
      refuse('string-too-long', start, `A string is longer than ${this.limits.stringBytesMax} bytes.`);
    }
  }

  private checkUtf8(start: number, end: number): void {
    for (let p = start; p < end;) {
      if (p + 4 <= end && (this.view.getInt32(p, true) & 0x80808080) === 0) p += 4;
      else if (this.view.getUint8(p) < 0x80) p++;
      else p = this.characterEnd(p);
    }
  }

  /** The first quote, backslash or control character at or after `from`. */
  private runEnd(from: number): number {
    const view = this.view;
    let p = from;
    for (; p <= view.byteLength - 4; p += 4) {
      const special = specialBytes(view.getInt32(p, true));
      if (special !== 0) return p + lowestByte(special);
    }
    for (; p < view.byteLength; p++) {
      const c = view.getUint8(p);
      if (c < 0x20 || c === QUOTE || c === BACKSLASH) break;
    }
    return p;
  }

  private appendRun(start: number, end: number): void {
    const at = this.scratchLength;
    if (at + end - start + SCRATCH_SPARE > this.scratch.length) this.growScratch(at + end - start);
    const { view, scratchView } = this;
    let p = start;
    let to = at;
    for (; p + 4 <= end; p += 4, to += 4) scratchView.setInt32(to, view.getInt32(p, true), true);
    for (; p < end; p++, to++) scratchView.setUint8(to, view.getUint8(p));
    this.scratchLength = to;
  }

  private growScratch(length: number): void {
    const bigger = new Uint8Array(2 * length + SCRATCH_SPARE);
    bigger.set(this.scratch);
    this.scratch = bigger;
    this.scratchView = new DataView(bigger.buffer);
  }

  private byteAt(p: number): number {
    return this.bytes[p] ?? END;
  }

  /** Appends what the escape at `pos` stands for; a surrogate pair is one escape of 12 bytes. */
  private escape(): void {
    const p = this.pos;
    const c = this.byteAt(p + 1);
    if (c !== 0x75) {
      const byte = escapedByte(c);
      if (byte < 0) this.refuseByte('an escape stands that JSON does not know', STRING);
      this.scratch[this.scratchLength++] = byte;
      this.pos = p + 2;
      return;
    }
    const unit = this.hexUnit(p + 2);
    const isHalf = unit >= 0xd800 && unit <= 0xdfff;
    const hasLow = unit < 0xdc00 && this.byteAt(p + 6) === BACKSLASH && this.byteAt(p + 7) === 0x75;
    const low = isHalf && hasLow ? this.hexUnit(p + 8) : 0;
    if (isHalf && (low < 0xdc00 || low > 0xdfff)) {
      refuse('lone-surrogate', p, `At byte ${p} stands half a surrogate pair, which is no character.`);
    }
    const code = isHalf ? 0x10000 + ((unit - 0xd800) << 10) + low - 0xdc00 : unit;
    this.scratchLength = putUtf8(this.scratch, this.scratchLength, code);
    this.pos = isHalf ? p + 12 : p + 6;
  }

  private hexUnit(p: number): number {
    let unit = 0;
    for (let i = p; i < p + 4; i++) {
      const digit = hexDigit(this.byteAt(i));
      if (digit < 0) refuse('not-json', i, `At byte ${i} a hexadecimal digit of a \\u escape is missing.`);
      unit = unit * 16 + digit;
    }
    return unit;
  }

  /** The end of the UTF-8 sequence at p (Unicode table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF). */
  private characterEnd(p: number): number {
    const lead = this.byteAt(p);
    const second = this.byteAt(p + 1);
    const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    const length = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    let valid = length > 0 && second >= low && second <= high;
    for (let i = 2; i < length; i++) valid &&= this.byteAt(p + i) >> 6 === 2;
    if (!valid) refuse('not-utf8', p, `The bytes at ${p} are not UTF-8.`);
    return p + length;
  }

  /** Reads a number; `pos` stands on its first character. */
  protected number(): void {
    const start = this.pos;
    if (this.peek() === MINUS) this.pos++;
    this.mantissa = 0;
    this.exponent = 0;
    const leadingZero = this.peek() === ZERO;
    const wholeDigits = this.digits();
    if (wholeDigits === 0 || (leadingZero && wholeDigits > 1)) this.refuseNumber(start);
    if (this.peek() === 0x2e) {
      this.pos++;
      const fractionDigits = this.digits();
      if (fractionDigits === 0) this.refuseNumber(start);
      this.exponent = -fractionDigits;
    }
    if ((this.peek() | 0x20) === 0x65) this.exponentPart(start);
    const length = this.pos - start;
    if (length > DIGITS_EXACT) this.isPlain = false;
    if (length > this.limits.numberBytesMax) {
      refuse('number-too-long', start, `A number is longer than ${this.limits.numberBytesMax} bytes.`);
    }
    // Up to 15 digits the mantissa was summed exactly; a longer text or a huge exponent is settled on the text.
    if (length <= DIGITS_EXACT && Math.abs(this.exponent) < EXPONENT_SHORT_MAX)
      this.hashNumber(this.byteAt(start) === MINUS);
    else this.longNumber(start);
  }

  private digits(): number {
    const { view, pos } = this;
    let mantissa = this.mantissa;
    let p = pos;
    for (; p < view.byteLength; p++) {
      const digit = view.getUint8(p) - ZERO;
      if (digit < 0 || digit > 9) break;
      mantissa = mantissa * 10 + digit;
    }
    this.mantissa = mantissa;
    this.pos = p;
    return p - pos;
  }

  private exponentPart(numberStart: number): void {
    const mantissa = this.mantissa;
    this.isPlain = false;
    this.pos++;
    const sign = this.peek();
    if (sign === MINUS || sign === 0x2b) this.pos++;
    this.mantissa = 0;
    if (this.digits() === 0) this.refuseNumber(numberStart);
    this.exponent += sign === MINUS ? -this.mantissa : this.mantissa;
    this.mantissa = mantissa;
  }

  private longNumber(start: number): void {
    const { negative, digits, exponent } = decimalParts(asciiText(this.bytes, start, this.pos));
    const isSmall = digits.length <= DIGITS_EXACT && exponent < EXPONENT_MAX && exponent > -EXPONENT_MAX;
    this.mantissa = Number(digits);
    this.exponent = Number(exponent);
    if (isSmall) return this.hashNumber(negative);
    if (negative) this.mantissa = -this.mantissa;
    this.hash.text(`${negative ? '-' : ''}${digits}e${exponent}`, TAG_LONG_NUMBER);
  }

  /** Hashes ±mantissa × 10^exponent without trailing zeros, so that 1, 1.0 and 10e-1 are one number. */
  private hashNumber(negative: boolean): void {
    let mantissa = this.mantissa;
    let exponent = mantissa === 0 ? 0 : this.exponent;
    if (mantissa !== 0) {
      // Most numbers fit 31 bits, where the remainder costs little.
      while (mantissa < 2 ** 31 ? (mantissa | 0) % 10 === 0 : mantissa % 10 === 0) {
        mantissa /= 10;
        exponent++;
      }
    }
    this.mantissa = negative && mantissa !== 0 ? -mantissa : mantissa;
    this.exponent = exponent;
    const low = mantissa | 0;
    const high = Math.floor(mantissa / 2 ** 32);
    this.hash.words(TAG_NUMBER, low, negative && mantissa !== 0 ? ~high : high, exponent);
  }

  /** Reads true, false or null. */
  protected word(): void {
    const c = this.peek();
    const word = c === 0x74 ? 'true' : c === 0x66 ? 'false' : 'null';
    for (let i = 0; i < word.length; i++) {
      if (this.byteAt(this.pos + i) !== word.charCodeAt(i))
        this.refuseByte(this.describe(c), 'where a value was expected');
    }
    this.hash.words(TAG_WORD, c, 0, 0);
    this.pos += word.length;
  }

  private refuseNumber(start: number): never {
    refuse('not-json', start, `At byte ${start} stands a number that JSON does not know, such as 01, 1. or .5.`);
  }

  protected refuseByte(what: string, where: string): never {
    refuse('not-json', this.pos, `The body is not JSON: at byte ${this.pos} ${what} ${where}.`);
  }

  protected describe(c: number): string {
    if (c === END) return 'the text ends';
    return c > 0x20 && c < 0x7f ? `"${String.fromCharCode(c)}" stands` : `the byte ${c} stands`;
  }
}

const escapes = new Map([...'"\\/bfnrt'].map((name, i) => [name.charCodeAt(0), '"\\/\b\f\n\r\t'.charCodeAt(i)]));
function escapedByte(c: number): number {
  return escapes.get(c) ?? -1;
}

function hexDigit(c: number): number {
  if (c >= ZERO && c <= NINE) return c - ZERO;
  const letter = c | 0x20;
  return c > 0 && letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function putUtf8(out: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    out[at] = code;
    return at + 1;
  }
  const extra = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  out[at] = (0xff00 >> (extra + 1)) | (code >> (6 * extra));
  for (let i = 1; i <= extra; i++) out[at + i] = 0x80 | ((code >> (6 * (extra - i))) & 0x3f);
  return at + extra + 1;
}

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}
