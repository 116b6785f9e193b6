/** Which element of the baseline's array is compared with which of the app's; -1: with none. */
export type ElementPair = readonly [baseline: number, app: number];

/** Same elements, another order. Elements are given by the numbers of an Interner. */
export function isReordered(baseline: readonly number[], app: readonly number[]): boolean {
  if (baseline.length !== app.length || baseline.every((number, i) => number === app[i])) return false;
  const ascending = (a: number, b: number): number => a - b;
  const sorted = [...app].sort(ascending);
  return [...baseline].sort(ascending).every((number, i) => number === sorted[i]);
}

/** Pairs arrays in order: what is equal at both ends first, so that one element more or less is one difference. */
export function pairInOrder(baseline: readonly number[], app: readonly number[]): ElementPair[] {
  const shorter = Math.min(baseline.length, app.length);
  let head = 0;
  while (head < shorter && baseline[head] === app[head]) head++;
  let tail = 0;
  while (tail < shorter - head && baseline.at(-1 - tail) === app.at(-1 - tail)) tail++;
  const pairs: ElementPair[] = [];
  const baselineEnd = baseline.length - tail;
  const appEnd = app.length - tail;
  for (let i = 0; i < Math.max(baselineEnd, appEnd); i++) pairs.push([i < baselineEnd ? i : -1, i < appEnd ? i : -1]);
  for (let i = 0; i < tail; i++) pairs.push([baselineEnd + i, appEnd + i]);
  return pairs;
}

/** Pairs equal numbers, first with first; what is left over on either side stays alone. Sorted by the baseline's index. */
export function pairEqual(baseline: readonly number[], app: readonly number[]): ElementPair[] {
  const waiting = new Map<number, number[]>();
  for (let j = app.length - 1; j >= 0; j--) {
    const number = app[j] ?? 0;
    const places = waiting.get(number);
    if (places) places.push(j);
    else waiting.set(number, [j]);
  }
  const pairs: ElementPair[] = baseline.map((number, i) => [i, waiting.get(number)?.pop() ?? -1]);
  const alone = [...waiting.values()].flat().sort((a, b) => a - b);
  return [...pairs, ...alone.map((j): ElementPair => [-1, j])];
}

/** Whether pairs stand in the same order on both sides. */
export function isAscending(pairs: readonly ElementPair[]): boolean {
  let last = -1;
  for (const [i, j] of pairs) {
    if (i < 0 || j < 0) continue;
    if (j < last) return false;
    last = j;
  }
  return true;
}
