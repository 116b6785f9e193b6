/** The time that a row shows and when it was acknowledged, in ms; NaN: not known. */
export interface StampedRow {
  readonly time: number;
  readonly acknowledged: number;
}

/** `wrong-unit`: a thousand times too small or too large. `copied`: that of the moment at which rows were copied. */
export type MovedTime = 'wrong-unit' | 'copied';

const hourMs = 3_600_000;
/** Time zones differ by up to this much, and clocks that are set. */
const toleranceMs = 26 * hourMs;
/** Further off no clock is that anybody looks at; a wrong unit is off by decades. */
const clockMsMax = 10 * 365 * 24 * hourMs;
/** Rows that tell how the app stamps by now. */
const newestRows = 15;
/** Within this time one copy stamps what it copies. */
const copyMsMax = hourMs;
const copiedMin = 3;

/**
 * Which rows, in the order of writing, show another time than they were written with. Each app stamps its rows by its own clock, so
 * the measure is how it has stamped its newest ones. A clock that was put right moves all rows before by the same, and proves nothing:
 * only what no clock that runs can have stamped counts. Nothing is known of an app all of whose rows are off, or most of the newest.
 */
export function movedTimes(rows: readonly StampedRow[]): (MovedTime | undefined)[] {
  const offsets = rows.map(({ time, acknowledged }) => time - acknowledged);
  const own = median(offsets.filter((offset) => Math.abs(offset) < clockMsMax).slice(-newestRows));
  const off = rows.map((row, n) => (Math.abs(offsets[n]! - own) > toleranceMs ? row : undefined));
  const wrongUnit = off.map((row) => row !== undefined && isWrongUnit(row, own));
  const rest = off.filter((row, n) => row !== undefined && !wrongUnit[n]) as StampedRow[];
  const isCopied = haveOneTime(rest) && off.at(-1) === undefined;
  return off.map((row, n) => {
    if (row === undefined) return undefined;
    if (wrongUnit[n]) return 'wrong-unit';
    return isCopied ? 'copied' : undefined;
  });
}

function isWrongUnit({ time, acknowledged }: StampedRow, own: number): boolean {
  const right = acknowledged + own;
  return [time * 1_000, time / 1_000].some((other) => Math.abs(other - right) <= toleranceMs);
}

/** Rows of days that were all stamped at one time. */
function haveOneTime(rows: readonly StampedRow[]): boolean {
  const spread = (numbers: readonly number[]) =>
    numbers.reduce((most, one) => Math.max(most, one), -Infinity) - numbers.reduce((least, one) => Math.min(least, one), Infinity); // prettier-ignore
  const [times, acknowledged] = [rows.map(({ time }) => time), rows.map((row) => row.acknowledged)];
  return rows.length >= copiedMin && spread(times) <= copyMsMax && spread(acknowledged) > toleranceMs;
}

/** NaN of none. */
function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}
