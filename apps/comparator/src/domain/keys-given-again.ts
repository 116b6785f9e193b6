/** The first and last id of new rows that older rows had before. */
export interface KeysGivenAgain {
  readonly first: number;
  readonly last: number;
}

/** Of the steps from one id to the next as many must go up: writes of one moment may be numbered in any order. */
const risingShareMin = 0.8;

/**
 * Whether numbering has begun again at a number that was taken. `ids` are those of rows in the order of writing; null: the row is not
 * there, NaN: it has no number. Then ids fall once, those after it lie where older rows have none any more, and there most of the rows
 * stood that are not there now.
 */
export function keysGivenAgain(ids: readonly (number | null)[]): KeysGivenAgain | undefined {
  if (ids.some(Number.isNaN)) return undefined;
  const falls = ids.flatMap((id, place) => {
    const before = ids.slice(0, place).findLast((one) => one !== null);
    return id !== null && before !== undefined && before !== null && id < before ? [place] : [];
  });
  for (const place of falls) {
    const [older, newer] = [ids.slice(0, place), ids.slice(place)];
    const given = numbersOf(newer);
    const range = { first: Math.min(...given), last: Math.max(...given) };
    const isFree = numbersOf(older).every((id) => id < range.first || id > range.last);
    const inRange = missingWithin(older, range);
    const missing = ids.filter((id) => id === null).length;
    if (isFree && isRising(numbersOf(older)) && isRising(given) && inRange > missing / 2) return range;
  }
  return undefined;
}

/** Rows that are not there and may have had an id of this range, by those before and after them. */
function missingWithin(ids: readonly (number | null)[], { first, last }: KeysGivenAgain): number {
  const idBefore = (place: number) => ids.slice(0, place).findLast((id) => id !== null) ?? -Infinity;
  const idAfter = (place: number) => ids.slice(place).find((id) => id !== null) ?? Infinity;
  return ids.filter((id, place) => id === null && idBefore(place) < last && idAfter(place) > first).length;
}

const numbersOf = (ids: readonly (number | null)[]): number[] => ids.filter((id) => id !== null);

function isRising(ids: readonly number[]): boolean {
  const steps = ids.slice(1).map((id, n) => id > ids[n]!);
  return steps.filter(Boolean).length >= steps.length * risingShareMin;
}
