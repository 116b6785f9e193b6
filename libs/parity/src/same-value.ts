import { Decimal } from './decimal.js';
import { isObject } from './values.js';
import type { Json } from './values.js';

/**
 * Whether two values are equal where no rule applies: numbers by what they are (0 is -0), objects whatever the order of their names,
 * arrays in order. It says what an Interner says without rules, and makes nothing; linear in the smaller of the two.
 */
export function isSameValue(one: Json, other: Json): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  if (one instanceof Decimal || other instanceof Decimal)
    return one instanceof Decimal && other instanceof Decimal && one.text === other.text;
  if (Array.isArray(one)) return Array.isArray(other) && isSameArray(one, other);
  return isObject(other) && isSameObject(one, other);
}

function isSameArray(one: readonly Json[], other: readonly Json[]): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (!isSameValue(one[i] ?? null, other[i] ?? null)) return false;
  return true;
}

/** As many names, and each of them an own name of the other: `constructor` and `__proto__` are names as any other. */
function isSameObject(one: { readonly [name: string]: Json }, other: { readonly [name: string]: Json }): boolean {
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  for (const name of names)
    if (!Object.hasOwn(other, name) || !isSameValue(one[name] ?? null, other[name] ?? null)) return false;
  return true;
}
