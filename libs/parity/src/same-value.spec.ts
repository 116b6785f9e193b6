import fc from 'fast-check';
import { Decimal } from './decimal.js';
import { Interner } from './interner.js';
import { isSameValue } from './same-value.js';
import type { Json } from './values.js';

const names = fc.constantFrom('a', 'b', '__proto__', 'constructor', 'toString', '');
/** From a small world, so that many are equal; names in any order, as own properties. */
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json>(null, true, false, 0, -0, 1, '', '0', 'a', 'null'),
    fc.constantFrom('1e400', '-1e400', '9007199254740993e0').map((text) => new Decimal(text)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .uniqueArray(fc.tuple(names, tie('value')), { maxLength: 3, selector: ([name]) => name })
      .map((fields): Json => Object.fromEntries(fields)),
  ),
}));

describe('values that are equal where no rule applies', () => {
  it('are those that the interner gives one number', () => {
    let equal = 0;
    fc.assert(
      fc.property(value, value, (one, other) => {
        const interner = new Interner();
        const isSame = interner.number(one, null) === interner.number(other, null);
        expect([isSameValue(one, other), isSameValue(other, one)]).toEqual([isSame, isSame]);
        equal += Number(isSame);
      }),
      { numRuns: 3_000 },
    );
    expect(equal).toBeGreaterThan(50);
  });

  it('are those that differ in the order of names alone, and no others', () => {
    fc.assert(
      fc.property(value, fc.nat(), (one, place) => {
        expect(isSameValue(one, mirrored(one))).toBe(true);
        expect(isSameValue(one, spoilt(one, place))).toBe(false);
        expect(isSameValue(spoilt(one, place), one)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('know a name that is not there from one that every object has', () => {
    expect(isSameValue({ a: null }, { b: null })).toBe(false);
    expect(isSameValue(JSON.parse('{"__proto__":{}}') as Json, { a: {} })).toBe(false);
    expect(isSameValue({ a: {} }, JSON.parse('{"__proto__":{}}') as Json)).toBe(false);
    expect(isSameValue([], {})).toBe(false);
    expect(isSameValue({}, new Decimal('1e400'))).toBe(false);
  });
});

const isPlain = (one: Json): one is { [name: string]: Json } =>
  typeof one === 'object' && one !== null && !Array.isArray(one) && !(one instanceof Decimal);

/** The same, its names the other way round. */
function mirrored(one: Json): Json {
  if (one instanceof Decimal) return new Decimal(one.text);
  if (Array.isArray(one)) return one.map(mirrored);
  if (!isPlain(one)) return one;
  return Object.fromEntries(Object.entries(one).toReversed().map(([name, inner]) => [name, mirrored(inner)])); // prettier-ignore
}

/** The same but for one value, somewhere inside. */
function spoilt(one: Json, place: number): Json {
  if (Array.isArray(one) && one.length > 0)
    return one.with(place % one.length, spoilt(one[place % one.length] ?? null, place >> 2));
  if (!isPlain(one) || Object.keys(one).length === 0) return 'spoilt';
  const chosen = Object.keys(one)[place % Object.keys(one).length];
  return Object.fromEntries(Object.entries(one).map(([name, inner]) => [name, name === chosen ? spoilt(inner, place >> 2) : inner])); // prettier-ignore
}
