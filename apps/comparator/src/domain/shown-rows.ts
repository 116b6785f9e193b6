import type { BodyIndex } from '#libs/parity/src/body-index.js';
import { isSameValue } from '#libs/parity/src/same-value.js';
import { isoMs } from '#libs/parity/src/tolerance.js';
import { isObject, type Json } from '#libs/parity/src/values.js';

/** Rows as an endpoint shows them: where those of a write stand, when one was made, whether it is as it was sent. */

/** Of each write its rows, by the number that its marker is read as. */
export function rowsByIdentity(index: BodyIndex): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  index.identities.forEach((identity, row) => {
    if (Number.isNaN(identity)) return;
    const same = rows.get(identity);
    if (same) same.push(row);
    else rows.set(identity, [row]);
  });
  return rows;
}

/** A row's own time in ms; NaN when it has none that can be read. No zone counts as UTC. */
export function timeOf(row: Json): number {
  const text = isObject(row) ? row['created_at'] : null;
  if (typeof text !== 'string') return Number.NaN;
  return farYear.test(text) ? Date.parse(text) : isoMs(text);
}

/** As JavaScript writes years beyond 9999. */
const farYear = /^\+\d{6}-/;

/** A row's own number; NaN when it has none. */
export function idOf(row: Json): number {
  const id = isObject(row) ? row['id'] : null;
  if (typeof id === 'string' && /^\d{1,15}$/.test(id)) return Number(id);
  return typeof id === 'number' ? id : Number.NaN;
}

/** Whether one of the texts of a row begins with a marker, as those do that we write. */
export const beginsWith = (row: Json, marker: string): boolean =>
  isObject(row) && Object.values(row).some((text) => typeof text === 'string' && text.trimStart().startsWith(marker));

/** Whether a row shows these fields as they were sent. */
export function showsFields(row: Json, expected: Record<string, string | number>): boolean {
  return isObject(row) && Object.entries(expected).every(([name, sent]) => isSameValue(sent, row[name] ?? null));
}
