import { Decimal, exactNumber } from './decimal.js';

/** A parsed JSON value whose numbers lost nothing. Names like `__proto__` are own properties as any other. */
export type Json = null | boolean | number | string | Decimal | Json[] | { [name: string]: Json };

type Reviver = (name: string, value: unknown, context: { readonly source?: string }) => unknown;
const parseWithSource = JSON.parse as (text: string, reviver?: Reviver) => unknown;

/** A number that a double may not hold exactly has 16 characters or an exponent. Text that looks so costs a slower parse only. */
const MAY_BE_INEXACT = /[\d.]{16}|\d[eE]/;

/** Parses JSON text that a scanner has found valid; of a name that repeats the last wins. */
export function parseExact(text: string): Json {
  if (!MAY_BE_INEXACT.test(text)) return parsePlain(text);
  return parseWithSource(text, (_name, value, { source }) =>
    typeof value === 'number' && source !== undefined ? exactNumber(source) : value,
  ) as Json;
}

/** Parses JSON text in which a scanner has found no number that a double may not hold exactly. */
export function parsePlain(text: string): Json {
  return JSON.parse(text) as Json;
}

const decoder = new TextDecoder();
/** The text of UTF-8 bytes; a byte order mark at their start is left out. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

export function isObject(value: Json): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Decimal);
}

/** JSON text of a value, numbers in full. */
export function renderJson(value: Json): string {
  if (value instanceof Decimal) return value.text;
  if (Array.isArray(value)) return `[${value.map(renderJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.keys(value)
    .map((name) => `${JSON.stringify(name)}:${renderJson(value[name] ?? null)}`)
    .join(',')}}`;
}
