import { rowIdentity, rowValue } from './body-index.js';
import type { BodyIndex } from './body-index.js';
import type { RowName } from './report.js';
import { pointerSegments } from './shape.js';
import { isObject, renderJson } from './values.js';
import type { Json } from './values.js';

/** The identity and key of one row, for the report. */
export function rowName(index: BodyIndex, row: number): RowName {
  const { key } = index.plan.shape;
  const values = key.length === 0 ? [] : keyValues(rowValue(index, row), key);
  return { identity: rowIdentity(index, row), key: values.length === 0 ? null : renderJson(values) };
}

/** The values at some pointers; empty when one of them is missing. */
function keyValues(value: Json, pointers: readonly string[]): Json[] {
  const values = pointers.map((pointer) => valueAt(value, pointer));
  return values.filter((found) => found !== undefined).length === pointers.length ? (values as Json[]) : [];
}

/** The value at a JSON pointer, undefined when there is none. */
export function valueAt(value: Json, pointer: string): Json | undefined {
  let found: Json | undefined = value;
  for (const segment of pointerSegments(pointer) ?? []) {
    if (Array.isArray(found)) found = found[Number(segment)];
    else if (found !== undefined && isObject(found) && Object.hasOwn(found, segment)) found = found[segment];
    else return undefined;
  }
  return found;
}
