import { mixed } from './keyed-hash.js';

/** Two 32-bit words per row, one after the other, that say which rows are alike. */
export type RowWords = Int32Array;

/** Rows grouped by their words: open addressing in typed arrays, about 12 bytes a row. */
export class RowTable {
  /** The slots of groups with more than one row. */
  private readonly repeated: number[] = [];
  /** Per slot: the first row of the group that has not been taken + 1; its negative once all are taken; 0: free. */
  private readonly slots: Int32Array;
  private readonly following: Int32Array;
  private readonly mask: number;

  /** `rows` must be ascending; `seed` keeps anyone from choosing words that fall into one slot. */
  constructor(
    private readonly words: RowWords,
    rows: Int32Array,
    private readonly seed: number,
  ) {
    let size = 16;
    while (size < 2 * rows.length) size *= 2;
    this.mask = size - 1;
    this.slots = new Int32Array(size);
    this.following = new Int32Array(words.length / 2);
    for (let i = rows.length - 1; i >= 0; i--) this.add(rows[i] ?? 0);
  }

  private add(row: number): void {
    const slot = this.slotOf(this.words[2 * row] ?? 0, this.words[2 * row + 1] ?? 0);
    const head = this.slots[slot] ?? 0;
    this.following[row] = head;
    this.slots[slot] = row + 1;
    if (head !== 0 && this.following[head - 1] === 0) this.repeated.push(slot);
  }

  /** The first row of every group that has more than one, ascending. */
  repeatedRows(): number[] {
    return this.repeated.map((slot) => (this.slots[slot] ?? 0) - 1).sort((a, b) => a - b);
  }

  /** Takes the first row with these words out of its group; -1: there is none left. */
  take(lo: number, hi: number): number {
    const slot = this.slotOf(lo, hi);
    const head = this.slots[slot] ?? 0;
    if (head <= 0) return -1;
    const next = this.following[head - 1] ?? 0;
    this.slots[slot] = next === 0 ? -head : next;
    return head - 1;
  }

  /** The first row with these words that has not been taken; -1: there is none. */
  first(lo: number, hi: number): number {
    return Math.max(this.slots[this.slotOf(lo, hi)] ?? 0, 0) - 1;
  }

  isRepeated(lo: number, hi: number): boolean {
    const row = this.first(lo, hi);
    return row >= 0 && this.following[row] !== 0;
  }

  /** How many rows with these words there are, none taken yet. */
  count(lo: number, hi: number): number {
    let count = 0;
    for (let head = this.slots[this.slotOf(lo, hi)] ?? 0; head > 0; head = this.following[head - 1] ?? 0) count++;
    return count;
  }

  private slotOf(lo: number, hi: number): number {
    const { words, slots, mask } = this;
    let slot = mixed(lo ^ this.seed, hi) & mask;
    for (let head = slots[slot] ?? 0; head !== 0; head = slots[slot] ?? 0) {
      const row = (head < 0 ? -head : head) - 1;
      if (words[2 * row] === lo && words[2 * row + 1] === hi) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
