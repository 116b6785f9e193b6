/**
 * What a reader does with numbered rows that arrive over a road that may lose, double and reorder them.
 * Guarantee: over any arrivals, the rows admitted are cursor+1, cursor+2 … without hole or repeat.
 */
export interface Admission<Row> {
  /** The next rows, dense from cursor + 1, at most `batchMax`. */
  readonly ready: Row[];
  /** Rows at or below the cursor, and second copies: acknowledge and forget. */
  readonly stale: Row[];
  /** Rows that wait for an earlier one, or for their turn; ascending. */
  readonly waiting: Row[];
}

export function admit<Row extends { readonly n: number }>(
  cursor: number,
  arrived: readonly Row[],
  batchMax: number,
): Admission<Row> {
  const sorted = arrived.toSorted((a, b) => a.n - b.n);
  const ready: Row[] = [];
  const stale: Row[] = [];
  const waiting: Row[] = [];
  let last = cursor;
  for (const row of sorted) {
    if (row.n <= last || row.n === waiting.at(-1)?.n) stale.push(row);
    else if (row.n === last + 1 && ready.length < batchMax) {
      ready.push(row);
      last = row.n;
    } else waiting.push(row);
  }
  return { ready, stale, waiting };
}

/** The highest number known to exist: from a row that waits or from the producer's announcement. A hole is anything between. */
export const isBehind = (cursor: number, waiting: readonly { readonly n: number }[], highWater: number): boolean =>
  highWater > cursor || waiting.length > 0;
