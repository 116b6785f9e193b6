import type { Cause, EndpointDetail, RowDifference } from '#libs/contracts/src/comparator.js';

/** A difference that is looked at: its endpoint and its place there. */
export interface Place {
  readonly path: string;
  readonly index: number;
}

type Endpoints = readonly Pick<EndpointDetail, 'path' | 'differences'>[];

const allPlaces = (endpoints: Endpoints): Place[] =>
  endpoints.flatMap(({ path, differences }) => differences.map((_, index) => ({ path, index })));

/** The next difference in the order of the page, over the ends of endpoints; from nowhere, the first or last of the endpoint in view. */
export function step(
  endpoints: Endpoints,
  from: { path: string; index: number | null },
  by: 1 | -1,
): Place | undefined {
  const places = allPlaces(endpoints);
  const at = places.findIndex(({ path, index }) => path === from.path && index === from.index);
  if (at !== -1) return places[at + by];
  const here = places.filter(({ path }) => path === from.path);
  return by === 1 ? (here[0] ?? places[0]) : (here.at(-1) ?? places.at(-1));
}

/** How a row is named in the address: by its marker where that tells it apart, so that the link outlives a re-ordering; else `.3`. */
export function rowName({ differences }: Endpoints[number], index: number): string {
  const marker = differences[index]?.marker;
  const isOnlyOne = marker && differences.filter((one) => one.marker === marker).length === 1;
  return isOnlyOne && !marker.startsWith('.') ? marker : `.${index + 1}`;
}

export function findRow({ differences }: Endpoints[number], name: string | null): number | null {
  if (name === null) return null;
  const index = name.startsWith('.')
    ? Number(name.slice(1)) - 1
    : differences.findIndex(({ marker }) => marker === name);
  return differences[index] ? index : null;
}

/** The endpoint to show first: the one asked for, else the first with differences, else the first. */
export const chooseEndpoint = <E extends Endpoints[number]>(
  endpoints: readonly E[],
  asked: string | null,
): E | undefined =>
  endpoints.find(({ path }) => path === asked) ??
  endpoints.find(({ differences }) => differences.length > 0) ??
  endpoints[0];

/** The first difference that a cause stands for, wherever it is; its endpoint alone when none of them was kept. */
export function placeOfCause(
  endpoints: Endpoints,
  cause: Pick<Cause, 'name' | 'endpoints'>,
): { path: string; index: number | null } | undefined {
  const among = endpoints.filter(({ path }) => cause.endpoints.includes(path));
  for (const { path, differences } of among) {
    const index = differences.findIndex((difference) => belongsTo(cause.name, difference));
    if (index !== -1) return { path, index };
  }
  return among[0] && { path: among[0].path, index: null };
}

const kindOfCause: Record<string, RowDifference['kind']> = {
  lost: 'missing',
  absent: 'absent',
  doubled: 'doubled',
  derived: 'derived',
};

/** Causes are named by what their differences have in common; for changed fields, by the first field of each row that differs. */
function belongsTo(name: string, { kind, marker, fields }: RowDifference): boolean {
  if (name === 'beside the rows') return kind === 'changed' && marker === null;
  const changed = /^changed (.+)$/.exec(name)?.[1];
  if (changed === undefined) return kind === kindOfCause[name];
  return kind === 'changed' && marker !== null && changed.split(', ').includes(fields[0]?.path ?? 'whole row');
}
