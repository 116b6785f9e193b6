import type { Endpoint } from './endpoints.js';
import { indexBody, type BodyIndex } from '#libs/parity/src/body-index.js';
import { withoutLoneSurrogates } from '#libs/parity/src/lone-surrogates.js';
import { makePlan, type Plan } from '#libs/parity/src/plan.js';

/** How the bodies of one endpoint are read in one look; the seed is new for each look. */
export const planFor = ({ shape, rowsMax, bodyBytesMax }: Endpoint, seed: readonly [number, number]): Plan =>
  makePlan(shape, { seed, limits: { rowsMax, bodyBytesMax } });

/** Reads a body. Half a surrogate pair in somebody's row makes that row differ, and not the whole body unreadable. */
export function readBody(plan: Plan, body: Uint8Array): BodyIndex {
  const index = indexBody(plan, body);
  return index.refusal?.code === 'lone-surrogate' ? indexBody(plan, withoutLoneSurrogates(body)) : index;
}
