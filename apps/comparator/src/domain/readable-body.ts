import type { Endpoint } from './endpoints.js';
import { indexBody, rowValue, rowValues, type BodyIndex } from '#libs/parity/src/body-index.js';
import { withoutLoneSurrogates } from '#libs/parity/src/lone-surrogates.js';
import { makePlan, type Plan } from '#libs/parity/src/plan.js';
import type { Json } from '#libs/parity/src/values.js';

/** A body that has been read, and its rows as values. */
export interface ReadBody extends BodyIndex {
  readonly rowAt: (row: number) => Json;
}

/** The rows of a larger body are parsed again whenever they are asked for: parsed, they may take twenty times as much memory. */
const keptBytesMax = 256 * 1024;

/** How the bodies of one endpoint are read in one look; the seed is new for each look. */
export const planFor = ({ shape, rowsMax, bodyBytesMax }: Endpoint, seed: readonly [number, number]): Plan =>
  makePlan(shape, { seed, limits: { rowsMax, bodyBytesMax } });

/** Reads a body. Half a surrogate pair in somebody's row makes that row differ, and not the whole body unreadable. */
export function readBody(plan: Plan, body: Uint8Array): ReadBody {
  const index = indexBody(plan, body);
  return withRows(index.refusal?.code === 'lone-surrogate' ? indexBody(plan, withoutLoneSurrogates(body)) : index);
}

/** Of a small body all rows are parsed when the first of them is asked for, and kept: a look asks for most of them several times. */
function withRows(index: BodyIndex): ReadBody {
  let kept: readonly Json[] | undefined;
  const keptAt = (row: number) => (kept ??= rowValues(index))[row]!;
  return { ...index, rowAt: index.bytes.length <= keptBytesMax ? keptAt : (row) => rowValue(index, row) };
}
