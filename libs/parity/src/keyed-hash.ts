/** Tags keep `1`, `"1"` and `[1]` apart. */
export const TAG_STRING = 1;
export const TAG_NUMBER = 2;
export const TAG_LONG_NUMBER = 3;
export const TAG_WORD = 4;
export const TAG_ARRAY = 5;
export const TAG_SET = 6;

export const QUOTE = 0x22;

/**
 * HalfSipHash-1-3 (Aumasson and Bernstein; Linux's hsiphash) with a 64-bit result: without the seed nobody can prepare
 * rows that collide. Results are left in `lo` and `hi` (int32) so that hashing a field allocates nothing.
 */
export class KeyedHash {
  lo = 0;
  hi = 0;
  /** Of the last `plainString`. */
  isAscii = true;
  private v0 = 0;
  private v1 = 0;
  private v2 = 0;
  private v3 = 0;
  private readonly three = new Int32Array(3);
  private readonly threeView = new DataView(this.three.buffer);

  /** `seed`: two 32-bit numbers from a source of randomness, one pair for both bodies. */
  constructor(private readonly seed: readonly [number, number]) {}

  /** Hashes `view[start … end)`; different tags give unrelated results for the same bytes. */
  bytes(view: DataView, start: number, end: number, tag: number): void {
    let v0 = this.seed[0] | 0;
    let v1 = this.seed[1] ^ tag;
    let v2 = this.seed[0] ^ 0x6c796765;
    let v3 = this.seed[1] ^ 0x74656462;
    let p = start | 0;
    const lastWord = (end - 4) | 0;
    for (; p <= lastWord; p += 4) {
      const m = view.getInt32(p, true);
      v3 ^= m;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= m;
    }
    this.keep(v0, v1, v2, v3);
    this.finish(tailWord(view, p, end), end - start);
  }

  /**
   * Hashes the bytes from `start` to the closing quote, as `bytes` does with TAG_STRING, while it looks for that quote; returns its
   * place and leaves `isAscii`. -1: the string has an escape or a control character, or is near the end; then nothing was hashed.
   */
  plainString(view: DataView, start: number): number {
    let v0 = this.seed[0] | 0;
    let v1 = this.seed[1] ^ TAG_STRING;
    let v2 = this.seed[0] ^ 0x6c796765;
    let v3 = this.seed[1] ^ 0x74656462;
    const lastWord = (view.byteLength - 4) | 0;
    let seen = 0;
    for (let p = start | 0; p <= lastWord; p += 4) {
      const m = view.getInt32(p, true);
      if (mayBeSpecial(m)) {
        const special = specialBytes(m);
        const plain = special === 0 ? 4 : lowestByte(special);
        if (plain < 4) {
          if (view.getUint8(p + plain) !== QUOTE) return -1;
          const tail = plain === 0 ? 0 : m & (-1 >>> (32 - 8 * plain));
          this.isAscii = ((seen | tail) & 0x80808080) === 0;
          this.keep(v0, v1, v2, v3);
          this.finish(tail, p + plain - start);
          return p + plain;
        }
        seen |= m;
      }
      v3 ^= m;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= m;
    }
    return -1;
  }

  private keep(v0: number, v1: number, v2: number, v3: number): void {
    this.v0 = v0;
    this.v1 = v1;
    this.v2 = v2;
    this.v3 = v3;
  }

  /** The last 0 … 3 bytes with the length, then three empty rounds. */
  private finish(tail: number, length: number): void {
    let { v0, v1, v2, v3 } = this;
    let m = tail ^ (length << 24);
    for (let round = 0; round < 4; round++) {
      v3 ^= m;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= m;
      m = 0;
      if (round === 0) v2 ^= 0xff;
    }
    this.lo = v1 ^ v3;
    this.hi = v0 ^ v2;
  }

  /** Hashes a text as `bytes` hashes its UTF-8. */
  text(text: string, tag: number): void {
    const utf8 = new TextEncoder().encode(text);
    this.bytes(new DataView(utf8.buffer, utf8.byteOffset, utf8.byteLength), 0, utf8.length, tag);
  }

  /** Hashes three 32-bit words. */
  words(tag: number, first: number, second: number, third: number): void {
    this.three[0] = first;
    this.three[1] = second;
    this.three[2] = third;
    this.bytes(this.threeView, 0, 12, tag);
  }
}

/** The last 0 … 3 bytes as a little-endian number. */
function tailWord(view: DataView, start: number, end: number): number {
  let word = 0;
  for (let p = end - 1; p >= start; p--) word = (word << 8) | view.getUint8(p);
  return word;
}

/** Whether a little-endian word of a string may have a byte that `specialBytes` flags; false is certain and costs seven operations. */
export function mayBeSpecial(word: number): boolean {
  // Exchanging 0x20 and 0x22 makes "control character or quote" one comparison: less than 0x21.
  return ((((word ^ 0x02020202) - 0x21212121) | ((word ^ 0x5c5c5c5c) - 0x01010101) | word) & 0x80808080) !== 0;
}

/** Flags the bytes of a little-endian word of a string that are a quote, a backslash or a control character; the lowest flag is true. */
export function specialBytes(word: number): number {
  const swapped = word ^ 0x02020202;
  const backslash = word ^ 0x5c5c5c5c;
  return (((swapped - 0x21212121) & ~swapped) | ((backslash - 0x01010101) & ~backslash)) & 0x80808080;
}

/** The place (0 … 3) of the lowest flagged byte. */
export function lowestByte(flags: number): number {
  return (31 - Math.clz32(flags & -flags)) >> 3;
}

/** Mixes a pair of hash words into one so that it can be summed: equal sums mean equal multisets of pairs. */
export function mixed(a: number, b: number): number {
  const x = Math.imul(a ^ (b >>> 15), 0x9e3779b1) ^ b;
  return Math.imul(x ^ (x >>> 16), 0x85ebca6b);
}
