import { sideOf } from './align.js';
import type { BodyIndex } from './body-index.js';
import { RowTable } from './row-table.js';

/**
 * A function from a marker's integer (or an identity number) to the first row that has it, -1 when none has. Made once for an
 * index in linear time; a look-up then takes constant time.
 */
export function rowLookup(index: BodyIndex): (identity: number) => number {
  const { names, named } = sideOf(index, undefined);
  const table = new RowTable(names, named, index.plan.seed[0]);
  const wanted = new Float64Array(1);
  const bits = new Int32Array(wanted.buffer);
  return (identity) => {
    wanted[0] = identity;
    const row = table.first(bits[0] ?? 0, bits[1] ?? 0);
    return index.identities[row] === identity ? row : -1;
  };
}
