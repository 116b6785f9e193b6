/** A JSON number that a double cannot tell from its neighbours, in a canonical form: equal texts are equal numbers. */
export class Decimal {
  constructor(readonly text: string) {}
}

/** Every decimal of at most 15 significant digits has a double of its own, within this range of magnitudes. */
export const DIGITS_EXACT = 15;
const MAGNITUDE_EXACT = 290n;

export interface DecimalParts {
  readonly negative: boolean;
  /** Without leading or trailing zeros; '' is zero, which has no sign. */
  readonly digits: string;
  /** The number is digits × 10^exponent. A bigint, so 1e999999999999 costs nothing. */
  readonly exponent: bigint;
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Splits a JSON number. Throws a SyntaxError for anything else. */
export function decimalParts(source: string): DecimalParts {
  const [, sign, whole, fraction = '', power = '0'] = NUMBER.exec(source) ?? [];
  if (whole === undefined) throw new SyntaxError(`not a JSON number: ${source.slice(0, 40)}`);
  const all = whole + fraction;
  let start = 0;
  let end = all.length;
  while (start < end && all[start] === '0') start++;
  while (end > start && all[end - 1] === '0') end--;
  const digits = all.slice(start, end);
  if (digits === '') return { negative: false, digits, exponent: 0n };
  const exponent = BigInt(power.replace(/^\+/, '')) - BigInt(fraction.length) + BigInt(all.length - end);
  return { negative: sign === '-', digits, exponent };
}

/** A JSON number as a double when that is exact for comparing, else as a Decimal. -0 becomes 0. */
export function exactNumber(source: string): number | Decimal {
  const { negative, digits, exponent } = decimalParts(source);
  if (digits === '') return 0;
  const magnitude = exponent + BigInt(digits.length);
  const exact = digits.length <= DIGITS_EXACT && magnitude <= MAGNITUDE_EXACT && magnitude >= -MAGNITUDE_EXACT;
  return exact ? Number(source) : new Decimal(`${negative ? '-' : ''}${digits}e${exponent}`);
}
