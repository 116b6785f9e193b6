import type { Difference, EndpointLook, Look } from './look.js';
import type { Cause } from '#libs/contracts/src/comparator.js';

const causesMax = 5;

/** Differences grouped by what they have in common, largest first: what one would look for first. */
export function causesOf(look: Look): Cause[] {
  const groups = new Map<string, Cause>();
  for (const endpoint of look.endpoints) {
    for (const cause of causesOfEndpoint(endpoint)) {
      const known = groups.get(cause.name);
      groups.set(
        cause.name,
        known ? { ...known, rows: known.rows + cause.rows, endpoints: [...known.endpoints, endpoint.path] } : cause,
      );
    }
  }
  return [...groups.values()].toSorted((a, b) => b.rows - a.rows).slice(0, causesMax);
}

function causesOfEndpoint(endpoint: EndpointLook): Cause[] {
  const causes: Cause[] = [];
  const add = (name: string, rows: number, sentence: string, hint: string) => {
    if (rows > 0) causes.push({ name, rows, sentence, hint, endpoints: [endpoint.path] });
  };
  add(
    'lost',
    endpoint.missing,
    'Rows that the app acknowledged are not there any more.',
    'Look for an acknowledgement that is sent before the commit, or a backfill that leaves rows out.',
  );
  add(
    'doubled',
    endpoint.doubled,
    'Rows that were written once are there twice.',
    'Look for a write that is delivered twice, as in a retry without an idempotency key, or a backfill that overlaps live writes.',
  );
  for (const [field, rows] of changedFields(endpoint)) {
    add(
      `changed ${field}`,
      rows,
      `The field ${field} comes back other than it was written.`,
      'Look for a column that is cut, converted or encoded in another way on its way to the new store.',
    );
  }
  add(
    'derived',
    endpoint.derived,
    'Statistics do not follow from the app’s own rows.',
    'Look for statistics that are read from another store than the rows, or counted in another time zone.',
  );
  return causes;
}

/** How many changed rows differ in each field; rows beyond those kept are counted under the first field. */
function changedFields(endpoint: EndpointLook): Map<string, number> {
  const counts = new Map<string, number>();
  const changed = endpoint.differences.filter((difference: Difference) => difference.kind === 'changed');
  for (const difference of changed) {
    const field = difference.fields[0]?.path ?? '(whole row)';
    counts.set(field, (counts.get(field) ?? 0) + 1);
  }
  const [first] = counts.keys();
  if (first !== undefined) counts.set(first, counts.get(first)! + endpoint.changed - changed.length);
  return counts;
}
