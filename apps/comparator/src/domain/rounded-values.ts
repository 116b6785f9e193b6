import { identityOf, type Ledger, type Obligation } from './obligation.js';

/** How a store that holds fewer numbers keeps one. */
interface Rounding {
  readonly how: string;
  readonly kept: (value: number) => number;
}

const to16Bits = (value: number): number => Math.max(-32_768, Math.min(32_767, value));
const digits = [9, 8, 7, 6, 5, 4, 3];
const roundings: readonly Rounding[] = [
  { how: 'rounded to 24 bits, as 32-bit floating point keeps them', kept: Math.fround },
  { how: 'cut off at the largest number of 16 bits', kept: to16Bits },
  ...digits.map((count) => ({ how: `rounded to ${count} digits`, kept: (value: number) => Number(value.toPrecision(count)) })), // prettier-ignore
];

/** Values that tell which rounding it is. */
const triedMax = 100;

/** How a number may have become another one; undefined when it was not rounded. */
export const roundingOf = (sent: number, shown: number): string | undefined =>
  sent === shown ? undefined : roundings.find(({ kept }) => kept(sent) === shown)?.how;

/**
 * Values that come back rounded, each with its row. A value is its own marker, so it is looked for among the rows that nobody knows;
 * chance is shut out by asking for one rounding that explains at least half of what is not there.
 */
export function roundedRows(
  { obligations, others, inherited = [] }: Ledger,
  shown: ReadonlyMap<number, readonly number[]>,
): Map<Obligation, number> {
  const missing = obligations.filter((one) => !shown.has(identityOf(one)));
  if (missing.length === 0) return new Map();
  const known = new Set([...obligations, ...others, ...inherited].map(identityOf));
  const strangers = new Map([...shown].filter(([number]) => !known.has(number)));
  const explained = (some: readonly Obligation[], rounding: Rounding) => explainedBy(rounding, some, strangers);
  const first = missing.slice(0, triedMax);
  const best = roundings.reduce((one, other) => (explained(first, other).length > explained(first, one).length ? other : one)); // prettier-ignore
  const rows = explained(missing, best);
  return new Map(rows.length * 2 >= missing.length ? rows : []);
}

/** Each with a row of its own: many numbers may be kept as one. */
function explainedBy(
  { kept }: Rounding,
  missing: readonly Obligation[],
  strangers: ReadonlyMap<number, readonly number[]>,
): (readonly [Obligation, number])[] {
  const taken = new Map<number, number>();
  return missing.flatMap((one) => {
    const number = kept(identityOf(one));
    const used = taken.get(number) ?? 0;
    const row = strangers.get(number)?.[used];
    if (row === undefined) return [];
    taken.set(number, used + 1);
    return [[one, row] as const];
  });
}
