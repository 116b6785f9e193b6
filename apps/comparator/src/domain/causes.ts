import type { DifferenceName, EndpointLook, Look } from './look.js';
import type { Cause } from '#libs/contracts/src/comparator.js';

const causesMax = 5;

/** What differences have in common, before it is a sentence. */
interface Group {
  readonly name: string;
  readonly rows: number;
  readonly fills: readonly number[];
  readonly endpoints: readonly string[];
  readonly sentence: (rows: string, fills: string) => string;
  readonly hint: string;
}

/** Differences that have lasted, grouped by what they have in common, largest first: what one would look for first. */
export function causesOf(look: Look): Cause[] {
  const groups = new Map<string, Group>();
  for (const group of look.endpoints.flatMap(groupsOf)) {
    const known = groups.get(group.name);
    groups.set(group.name, known ? merged(known, group) : group);
  }
  return [...groups.values()]
    .toSorted((a, b) => b.rows - a.rows)
    .slice(0, causesMax)
    .map(({ name, rows, fills, endpoints, sentence, hint }) => ({
      ...{ name, rows, hint, endpoints: [...endpoints] },
      sentence: sentence(rowsText(rows), fillsText(fills)),
    }));
}

const merged = (one: Group, other: Group): Group => ({
  ...one,
  rows: one.rows + other.rows,
  fills: [...one.fills, ...other.fills],
  endpoints: [...one.endpoints, ...other.endpoints],
});

function groupsOf(endpoint: EndpointLook): Group[] {
  const { path, found } = endpoint;
  const fillsOf = (kind: DifferenceName) => found.flatMap(([one, , fill]) => (one === kind ? (fill ?? []) : []));
  const around = found.filter(([kind, , fill]) => kind === 'changed' && fill === null).map(([, name]) => name);
  const groups: Group[] = [
    { ...lost, rows: endpoint.missing, fills: fillsOf('missing'), endpoints: [path] },
    { ...absent, rows: endpoint.absent ?? 0, fills: fillsOf('absent'), endpoints: [path] },
    { ...doubled, rows: endpoint.doubled, fills: fillsOf('doubled'), endpoints: [path] },
    ...[...changedFields(endpoint, around.length)].map(([field, rows]) =>
      changedGroup(path, field, rows, fillsOf('changed')),
    ),
    { ...beside(around), rows: around.length, fills: [], endpoints: [path] },
    {
      ...derived(found.flatMap(([kind, name]) => (kind === 'derived' ? [name] : []))),
      rows: endpoint.derived,
      fills: [],
      endpoints: [path],
    },
  ];
  return groups.filter((group) => group.rows > 0);
}

const lost = {
  name: 'lost',
  sentence: (rows: string, fills: string) => `${rows} that the app acknowledged${fills} ${are(rows)} not there.`,
  hint: 'Look for an acknowledgement that is sent before the commit, or a backfill that leaves rows out.',
};
const absent = {
  name: 'absent',
  sentence: (rows: string, fills: string) =>
    `${rows} of the full history${fills} that the baseline shows ${are(rows)} not there.`,
  hint: 'Look for rows that the copy of the baseline left out, or for writes that the app refused: this lab asks for both.',
};
const doubled = {
  name: 'doubled',
  sentence: (rows: string, fills: string) =>
    `${rows} that ${rows.startsWith('1 ') ? 'was' : 'were'} written once${fills} ${are(rows)} there twice.`,
  hint: 'Look for a write that is delivered twice, as in a retry without an idempotency key, or a backfill that overlaps live writes.',
};
const changedGroup = (path: string, field: string, rows: number, fills: readonly number[]): Group => ({
  ...{ name: `changed ${field}`, rows, fills, endpoints: [path] },
  sentence: (count, where) =>
    `${count}${where} ${count.startsWith('1 ') ? 'comes' : 'come'} back with another ${field} than was sent.`,
  hint: 'Look for a column that is cut, converted or encoded in another way on its way to the new store.',
});
const beside = (places: readonly string[]) => ({
  name: 'beside the rows',
  sentence: () => `The answer differs beside its rows: ${places.slice(0, 3).join(', ')}.`,
  hint: 'Look for an error that is answered with status 200, or for fields that the reference app does not have.',
});
const derived = (fields: readonly string[]) => ({
  name: 'derived',
  sentence: () => `${fields.join(', ')} ${fields.length === 1 ? 'does' : 'do'} not follow from the app’s own rows.`,
  hint: 'Look for statistics that are read from another store than the rows, or counted in another time zone.',
});

/** How many changed rows differ in each field; rows beyond those kept are counted under the first field. */
function changedFields(endpoint: EndpointLook, around: number): Map<string, number> {
  const counts = new Map<string, number>();
  const changed = endpoint.differences.filter(({ kind, marker }) => kind === 'changed' && marker !== null);
  for (const { fields } of changed) {
    const field = fields[0]?.path ?? 'whole row';
    counts.set(field, (counts.get(field) ?? 0) + 1);
  }
  const beyond = endpoint.changed - around - changed.length;
  const [first] = counts.keys();
  if (beyond > 0) counts.set(first ?? 'row', (counts.get(first ?? 'row') ?? 0) + beyond);
  return counts;
}

const rowsText = (count: number): string => `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}`;
const are = (rows: string): string => (rows.startsWith('1 ') ? 'is' : 'are');

/** `, in fills 36 to 40,` */
function fillsText(fills: readonly number[]): string {
  if (fills.length === 0) return '';
  const first = fills.reduce((least, fill) => Math.min(least, fill));
  const last = fills.reduce((most, fill) => Math.max(most, fill));
  return first === last ? `, in fill ${first},` : `, in fills ${first} to ${last},`;
}
