/** Names compared one by one; an object with more gets a Set, so that a hostile one costs linear time. */
const NAMES_LISTED_MAX = 32;
/** Objects one inside the other that there is room for at first; few bodies are deeper. */
const LEVELS_FIRST = 8;

/** The hashes of the names of the objects that are open at the moment, one inside the other; finds names that repeat. */
export class NameList {
  private lo = new Int32Array(LEVELS_FIRST * NAMES_LISTED_MAX);
  private hi = new Int32Array(LEVELS_FIRST * NAMES_LISTED_MAX);
  private counts = new Int32Array(LEVELS_FIRST);
  private readonly sets: (Set<number> | undefined)[] = [];
  private open = -1;

  openObject(): void {
    if (++this.open === this.counts.length) this.grow();
    this.counts[this.open] = 0;
  }

  closeObject(): void {
    if (this.sets.length > 0) this.sets[this.open] = undefined;
    this.open--;
  }

  /** Adds a name to the innermost object; true when it is there already. */
  repeats(lo: number, hi: number): boolean {
    const start = this.open * NAMES_LISTED_MAX;
    const count = this.counts[this.open] ?? 0;
    if (count === NAMES_LISTED_MAX) return this.repeatsInSet(lo, hi);
    for (let i = start; i < start + count; i++) if (this.lo[i] === lo && this.hi[i] === hi) return true;
    this.lo[start + count] = lo;
    this.hi[start + count] = hi;
    this.counts[this.open] = count + 1;
    return false;
  }

  private grow(): void {
    [this.lo, this.hi, this.counts] = [twice(this.lo), twice(this.hi), twice(this.counts)];
  }

  private repeatsInSet(lo: number, hi: number): boolean {
    const set = (this.sets[this.open] ??= this.listed());
    const size = set.size;
    return set.add(asDouble(lo, hi)).size === size;
  }

  private listed(): Set<number> {
    const start = this.open * NAMES_LISTED_MAX;
    const set = new Set<number>();
    for (let i = start; i < start + NAMES_LISTED_MAX; i++) set.add(asDouble(this.lo[i] ?? 0, this.hi[i] ?? 0));
    return set;
  }
}

/** 53 of the 64 bits: a false alarm costs one exact reading of the row, nothing else. */
function asDouble(lo: number, hi: number): number {
  return (hi & 0x1fffff) * 2 ** 32 + (lo >>> 0);
}

function twice(list: Int32Array): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(2 * list.length);
  longer.set(list);
  return longer;
}
