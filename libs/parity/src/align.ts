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
  const rows = rowsWhere(index.rowCount, (row) => mask === undefined || mask[row] !== 0);
  const named = chosen(rows, (row) => hasIdentity(index, row) || hasKey(index, row));
  return { index, rows, names: namesOf(index), named };
}

/** The bits of each identity, else the hash of the key. Equal numbers have equal bits: there is no -0 among identities. */
function namesOf(index: BodyIndex): RowWords {
  const { identities, keys, rowCount } = index;
  const bits = new Int32Array(identities.buffer, identities.byteOffset, 2 * rowCount);
  if (keys.length === 0) return bits;
  const names = bits.slice();
  for (let row = 0; row < rowCount; row++) {
    if (!hasIdentity(index, row)) names.set(keys.subarray(2 * row, 2 * row + 2), 2 * row);
  }
  return names;
}

/** No row has a partner. */
export function unaligned(baseline: BodyIndex, app: BodyIndex): Alignment {
  return {
    partnerOfBaseline: new Int32Array(baseline.rowCount).fill(-1),
    partnerOfApp: new Int32Array(app.rowCount).fill(-1),
  };
}

/**
 * Pairs rows that are equal, then rows of the same identity or key, then rows of the same key of which one has lost its identity;
 * bodies that are one row are each other's. Within a group the first pairs with the first. Whoever is left has no partner. Linear
 * in the number of rows.
 */
export function alignRows(baseline: Side, app: Side): Alignment {
  const aligner = new Aligner(baseline, app);
  aligner.pairInPlace();
  const mine = baseline.index;
  const theirs = app.index;
  aligner.pairBy(mine.hashes, theirs.hashes, () => true);
  aligner.pairBy(baseline.names, app.names, ({ index }, row) => hasIdentity(index, row) || hasKey(index, row));
  if (mine.keys.length > 0) {
    for (const loser of [baseline, app]) {
      const may = (side: Side, row: number): boolean => side !== loser || !hasIdentity(side.index, row);
      aligner.pairBy(mine.keys, theirs.keys, (side, row) => hasKey(side.index, row) && may(side, row));
    }
  }
  if (mine.plan.rowsPath === null) aligner.pairBy(nothing, nothing, () => true);
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

/** How far a walk over both bodies looks ahead for an equal row, and how often in vain before it leaves the rest to tables. */
const AHEAD_MAX = 8;
const MISSES_MAX = 100;

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

  /** Walks both bodies at once and pairs equal rows, stepping over a few that are not: most of two similar bodies, without a table. */
  pairInPlace(): void {
    const mine = this.baseline.rows;
    const theirs = this.app.rows;
    let i = 0;
    let j = 0;
    for (let misses = 0; i < mine.length && j < theirs.length && misses < MISSES_MAX; i++, j++) {
      let ahead = 0;
      while (ahead <= AHEAD_MAX && !this.isEqual(i + ahead, j) && !this.isEqual(i, j + ahead)) ahead++;
      if (ahead > AHEAD_MAX) {
        misses++;
        continue;
      }
      if (this.isEqual(i + ahead, j)) i += ahead;
      else j += ahead;
      this.pair(mine[i] ?? 0, theirs[j] ?? 0);
    }
  }

  /** Whether the rows at two places of those that take part have the same hash. */
  private isEqual(i: number, j: number): boolean {
    const mine = this.baseline;
    const theirs = this.app;
    if (i >= mine.rows.length || j >= theirs.rows.length) return false;
    return hasSameHash(mine.index, mine.rows[i] ?? 0, theirs.index, theirs.rows[j] ?? 0);
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
    if (left.length === 0 || right.length === 0) return;
    const table = new RowTable(mine, left, this.baseline.index.plan.seed[0]);
    for (const other of right) {
      const row = table.take(theirs[2 * other] ?? 0, theirs[2 * other + 1] ?? 0);
      if (row >= 0) this.pair(row, other);
    }
  }
}

/** Says the same of the only row of every body that is one row. */
const nothing: RowWords = new Int32Array(2);

/** Whether two rows are equal by their hash: in all that is compared, but for what lies under a tolerance. */
export function hasSameHash(baseline: BodyIndex, row: number, app: BodyIndex, other: number): boolean {
  const mine = baseline.hashes;
  const theirs = app.hashes;
  return mine[2 * row] === theirs[2 * other] && mine[2 * row + 1] === theirs[2 * other + 1];
}

function hasKey({ keys }: BodyIndex, row: number): boolean {
  return (keys[2 * row] ?? 0) !== 0 || (keys[2 * row + 1] ?? 0) !== 0;
}

function hasIdentity({ identities }: BodyIndex, row: number): boolean {
  return !Number.isNaN(identities[row] ?? Number.NaN);
}

function rowsWhere(count: number, has: (row: number) => boolean): Int32Array {
  const rows = new Int32Array(count);
  let found = 0;
  for (let row = 0; row < count; row++) if (has(row)) rows[found++] = row;
  return rows.subarray(0, found);
}

/** Those of `rows` that have something; the same array when all do. */
function chosen(rows: Int32Array, has: (row: number) => boolean): Int32Array {
  let count = 0;
  for (const row of rows) if (has(row)) count++;
  if (count === rows.length) return rows;
  const kept = new Int32Array(count);
  let found = 0;
  for (const row of rows) if (has(row)) kept[found++] = row;
  return kept;
}
