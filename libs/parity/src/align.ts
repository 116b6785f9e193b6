import type { BodyIndex } from './body-index.js';
import { RowTable } from './row-table.js';
import type { RowWords } from './row-table.js';

/** The rows of one body that take part in a comparison, and what names them. */
export interface Side {
  readonly index: BodyIndex;
  /** Row numbers, ascending. */
  readonly rows: Int32Array;
  /** The identity of each row, else its key. */
  readonly names: RowWords;
  /** Those of `rows` that have a name. */
  readonly named: Int32Array;
}

/** Which row of one side belongs to which of the other, by row number; -1: to none. */
export interface Alignment {
  readonly partnerOfBaseline: Int32Array;
  readonly partnerOfApp: Int32Array;
}

/** One side; with a mask only the rows where it is not 0 take part. */
export function sideOf(index: BodyIndex, mask: Uint8Array | undefined): Side {
  const { identities, keyLo, keyHi, rowCount } = index;
  const lo = new Int32Array(rowCount);
  const hi = new Int32Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const identity = identities[row] ?? Number.NaN;
    const hasIdentity = !Number.isNaN(identity);
    lo[row] = hasIdentity ? identity : (keyLo[row] ?? 0);
    hi[row] = hasIdentity ? Math.floor(identity / 2 ** 32) : (keyHi[row] ?? 0);
  }
  const rows = rowsWhere(rowCount, (row) => mask === undefined || mask[row] !== 0);
  return { index, rows, names: { lo, hi }, named: chosen(rows, (row) => isNamed(index, row)) };
}

/** No row has a partner. */
export function unaligned(baseline: BodyIndex, app: BodyIndex): Alignment {
  return {
    partnerOfBaseline: new Int32Array(baseline.rowCount).fill(-1),
    partnerOfApp: new Int32Array(app.rowCount).fill(-1),
  };
}

/**
 * Pairs rows that are equal, then rows of the same identity or key, then (an identity may have been lost) rows of the same key.
 * Within a group the first pairs with the first. Whoever is left has no partner. Linear in the number of rows.
 */
export function alignRows(baseline: Side, app: Side): Alignment {
  const aligner = new Aligner(baseline, app);
  aligner.pairInPlace();
  aligner.pairBy(baseline.index, app.index, () => true);
  aligner.pairBy(baseline.names, app.names, (side, row) => isNamed(side.index, row));
  if (baseline.index.keyLo.length > 0) {
    aligner.pairBy(keyWords(baseline), keyWords(app), (side, row) => hasKey(side.index, row));
  }
  const { partnerOfBaseline, partnerOfApp } = aligner;
  return { partnerOfBaseline, partnerOfApp };
}

/**
 * The baseline rows that stand out of order when rows have an order: as few as possible, so one row that moved is one row (the
 * pairs outside a longest increasing subsequence; patience sorting).
 */
export function movedRows({ partnerOfBaseline }: Alignment): Int32Array {
  const count = partnerOfBaseline.length;
  const before = new Int32Array(count).fill(-1);
  const ends: number[] = [];
  for (let row = 0; row < count; row++) {
    const partner = partnerOfBaseline[row] ?? -1;
    if (partner < 0) continue;
    const length = lowerBound(ends, partner, partnerOfBaseline);
    before[row] = ends[length - 1] ?? -1;
    ends[length] = row;
  }
  const inPlace = new Uint8Array(count);
  for (let row = ends.at(-1) ?? -1; row >= 0; row = before[row] ?? -1) inPlace[row] = 1;
  return rowsWhere(count, (row) => (partnerOfBaseline[row] ?? -1) >= 0 && inPlace[row] === 0);
}

/** The first place in `ends` whose row has a partner not before `partner`. */
function lowerBound(ends: readonly number[], partner: number, partners: Int32Array): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((partners[ends[middle] ?? 0] ?? 0) < partner) low = middle + 1;
    else high = middle;
  }
  return low;
}

class Aligner implements Alignment {
  readonly partnerOfBaseline: Int32Array;
  readonly partnerOfApp: Int32Array;
  private pairCount = 0;

  constructor(
    private readonly baseline: Side,
    private readonly app: Side,
  ) {
    const { partnerOfBaseline, partnerOfApp } = unaligned(baseline.index, app.index);
    this.partnerOfBaseline = partnerOfBaseline;
    this.partnerOfApp = partnerOfApp;
  }

  /** Equal rows at the same place, counted from the front and from the back: most of two similar bodies, without a table. */
  pairInPlace(): void {
    const mine = this.baseline.rows;
    const theirs = this.app.rows;
    const shorter = Math.min(mine.length, theirs.length);
    for (let i = 0; i < shorter; i++) this.pairIfEqual(mine[i] ?? 0, theirs[i] ?? 0);
    if (mine.length === theirs.length) return;
    for (let i = 1; i <= shorter; i++) this.pairIfEqual(mine[mine.length - i] ?? 0, theirs[theirs.length - i] ?? 0);
  }

  private pairIfEqual(row: number, other: number): void {
    const mine = this.baseline.index;
    const theirs = this.app.index;
    if (mine.lo[row] !== theirs.lo[other] || mine.hi[row] !== theirs.hi[other]) return;
    if (this.partnerOfBaseline[row] !== -1 || this.partnerOfApp[other] !== -1) return;
    this.pair(row, other);
  }

  private pair(row: number, other: number): void {
    this.partnerOfBaseline[row] = other;
    this.partnerOfApp[other] = row;
    this.pairCount++;
  }

  /** Pairs the rows that are still alone and have the same words. */
  pairBy(mine: RowWords, theirs: RowWords, has: (side: Side, row: number) => boolean): void {
    if (this.pairCount === this.baseline.rows.length || this.pairCount === this.app.rows.length) return;
    const left = chosen(this.baseline.rows, (row) => this.partnerOfBaseline[row] === -1 && has(this.baseline, row));
    const right = chosen(this.app.rows, (row) => this.partnerOfApp[row] === -1 && has(this.app, row));
    const table = new RowTable(mine, left, this.baseline.index.plan.seed[0]);
    for (const other of right) {
      const row = table.take(theirs.lo[other] ?? 0, theirs.hi[other] ?? 0);
      if (row >= 0) this.pair(row, other);
    }
  }
}

function hasKey({ keyLo, keyHi }: BodyIndex, row: number): boolean {
  return (keyLo[row] ?? 0) !== 0 || (keyHi[row] ?? 0) !== 0;
}

function isNamed(index: BodyIndex, row: number): boolean {
  return !Number.isNaN(index.identities[row] ?? Number.NaN) || hasKey(index, row);
}

function keyWords({ index }: Side): RowWords {
  return { lo: index.keyLo, hi: index.keyHi };
}

function rowsWhere(count: number, has: (row: number) => boolean): Int32Array {
  const rows = new Int32Array(count);
  let found = 0;
  for (let row = 0; row < count; row++) if (has(row)) rows[found++] = row;
  return rows.subarray(0, found);
}

function chosen(rows: Int32Array, has: (row: number) => boolean): Int32Array {
  const kept = new Int32Array(rows.length);
  let found = 0;
  for (const row of rows) if (has(row)) kept[found++] = row;
  return kept.subarray(0, found);
}
