import { mistakes, type MistakeName } from './mistakes.js';
import type { Cause } from '#libs/contracts/src/comparator.js';

/** Differences that have one cause, before they are a sentence. */
export interface Group {
  readonly name: string;
  readonly mistake: MistakeName;
  /** What they have in common besides; only groups with the same are one. */
  readonly how: string;
  readonly rows: number;
  readonly fills: readonly number[];
  readonly endpoints: readonly string[];
  /** Fields of changed rows. */
  readonly fields: readonly string[];
  /** Figures that differ only because of this. */
  readonly follows: readonly string[];
  readonly sentence: (group: Group) => string;
}

/** A group of no rows, to be filled in. */
export const emptyGroup = {
  ...{ how: '', rows: 0, fills: [], endpoints: [], fields: [], follows: [] },
  sentence: () => '',
} as const;

/** The same mistake at several endpoints, or in several fields, is one cause. Keeps the order in which they come. */
export function joined(groups: readonly Group[]): Group[] {
  const known = new Map<string, Group>();
  for (const group of groups) {
    const key = `${group.name.split(' ')[0]} ${group.mistake} ${group.how}`;
    const same = known.get(key);
    known.set(key, same ? merged(same, group) : group);
  }
  return [...known.values()];
}

function merged(one: Group, other: Group): Group {
  const fields = union(one.fields, other.fields);
  return {
    ...one,
    name: fields.length > 0 ? `changed ${fields.join(', ')}` : one.name,
    rows: one.rows + other.rows,
    fills: [...one.fills, ...other.fills],
    endpoints: union(one.endpoints, other.endpoints),
    fields,
    follows: union(one.follows, other.follows),
  };
}

const union = (one: readonly string[], other: readonly string[]): string[] => [...new Set([...one, ...other])];

export const causeOf = (group: Group): Cause => ({
  ...{ name: group.name, sentence: group.sentence(group), rows: group.rows, endpoints: [...group.endpoints] },
  hint: mistakes[group.mistake].hint,
  mistake: { name: group.mistake, title: mistakes[group.mistake].title },
  follows: [...group.follows],
});

/** `a, b and c` */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

export const rowsText = (count: number): string => `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}`;
export const are = (rows: number): string => (rows === 1 ? 'is' : 'are');

/** `, in fills 36 to 40,` */
export function fillsText(fills: readonly number[]): string {
  if (fills.length === 0) return '';
  const first = fills.reduce((least, fill) => Math.min(least, fill));
  const last = fills.reduce((most, fill) => Math.max(most, fill));
  return first === last ? `, in fill ${first},` : `, in fills ${first} to ${last},`;
}
