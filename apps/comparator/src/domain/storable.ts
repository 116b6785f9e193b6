import { Decimal } from '#libs/parity/src/decimal.js';
import { cutText } from '#libs/parity/src/fields.js';
import type { Json } from '#libs/parity/src/values.js';

/** How much of what is foreign is kept and shown. */
const textCharsMax = 400;
const nameCharsMax = 100;
const rowBytesMax = 2_000;
const utf8 = new TextEncoder();

/**
 * A foreign text as it may be stored and shown: at most `charsMax` characters, no NUL and no half of a surrogate pair, which a
 * database refuses.
 */
export const storableText = (text: string, charsMax: number = textCharsMax): string =>
  cutText(text, charsMax)
    .replaceAll('\0', '␀')
    .replace(/\p{Cs}/gu, '\ufffd');

/**
 * A foreign value as it may be stored and shown: plain JSON of about `bytesMax` at most. What does not fit is replaced by `…`; a number
 * that a double cannot hold is shown as text.
 */
export const storable = (value: Json, bytesMax: number = rowBytesMax): unknown => kept(value, { bytesLeft: bytesMax });

interface Room {
  bytesLeft: number;
}

function kept(value: Json, room: Room): unknown {
  if (value instanceof Decimal) return spend(decimalText(value), room);
  if (typeof value === 'string')
    return spend(storableText(value, Math.max(2, Math.min(textCharsMax, room.bytesLeft))), room);
  if (Array.isArray(value)) return keptList(value, room);
  if (typeof value === 'object' && value !== null) return keptFields(value, room);
  return spend(value, room);
}

function keptList(list: readonly Json[], room: Room): unknown[] {
  const some: unknown[] = [];
  for (const element of list) {
    if (room.bytesLeft <= 0) return [...some, `… ${list.length - some.length} more`];
    some.push(kept(element, room));
  }
  return some;
}

function keptFields(row: { readonly [name: string]: Json }, room: Room): Record<string, unknown> {
  const names = Object.keys(row);
  const some: [string, unknown][] = [];
  for (const name of names) {
    if (room.bytesLeft <= 0) {
      some.push(['…', `${names.length - some.length} more`]);
      break;
    }
    some.push([spend(storableText(name, nameCharsMax), room), kept(row[name] ?? null, room)]);
  }
  return Object.fromEntries(some);
}

function spend<T>(value: T, room: Room): T {
  room.bytesLeft -= utf8.encode(JSON.stringify(value)).length + 1;
  return value;
}

/** As one would write it: `9007199254740993`, `0.1000000000000000055`; else with its exponent. */
export function decimalText({ text }: Decimal): string {
  const [mantissa = '', power = '0'] = text.split('e');
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.slice(sign.length);
  const exponent = Number(power);
  if (exponent >= 0 && exponent <= 40) return `${sign}${digits}${'0'.repeat(exponent)}`;
  if (exponent >= 0 || exponent < -80) return cutText(text, textCharsMax);
  const padded = digits.padStart(1 - exponent, '0');
  return cutText(`${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`, textCharsMax);
}
