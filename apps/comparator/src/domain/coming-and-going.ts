import type { EndpointLook, Found, Look } from './look.js';
import { foundMax } from './look.js';

/**
 * Rows that are there at one look, and not at another. What comes late is missing first and there from then on; what is lost is there
 * first and missing from then on. Rows that do both are shown by an app that has more than one answer.
 */

/** What one look says of the rows of one endpoint. */
interface Telling {
  readonly look: Look;
  /** Of rows that are missing their fills, by name. */
  readonly missing: ReadonlyMap<string, number>;
  readonly behind: ReadonlySet<string>;
  /** Whether the rows that are missing are the newest ones. */
  readonly isNewest: boolean;
}

/** Looks that name every row that was missing. */
const tellingAt = (looks: readonly Look[], path: string): Telling[] =>
  looks.flatMap((look) => {
    const endpoint = look.endpoints.find((one) => one.path === path);
    if (endpoint?.state !== 'judged' || endpoint.found.length >= foundMax) return [];
    return [{ look, missing: missingOf(endpoint), behind: new Set(endpoint.behind), isNewest: areNewest(endpoint) }];
  });

const missingOf = ({ found }: EndpointLook): Map<string, number> =>
  new Map(found.flatMap(([kind, name, fill]) => (kind === 'missing' && fill !== null ? [[name, fill]] : [])));

function areNewest({ found, asked }: EndpointLook): boolean {
  const places = found.flatMap(([kind, , , place]: Found) => (kind === 'missing' ? [place ?? Number.NaN] : []));
  return places.length === 0 || places[0] === asked! - places.length;
}

/** It was asked for then, and it was not missing. */
const wasThere = ({ look, missing, behind }: Telling, name: string, fill: number): boolean =>
  fill <= (look.closedFill ?? 0) && !missing.has(name) && !behind.has(name);

/** Rows that are missing at this look, and were there at one before. */
const goneAt = (telling: readonly Telling[], at: number): string[] =>
  [...telling[at]!.missing].flatMap(([name, fill]) =>
    telling.slice(0, at).some((one) => wasThere(one, name, fill)) ? [name] : [],
  );

/**
 * Rows that are missing at the newest look and were there before, if that is not the first time: rows had gone at a look before it, too.
 * That is no lateness, and it does not heal.
 */
export function goneAgain(looks: readonly Look[], path: string): readonly string[] {
  const newest = looks.at(-1);
  const paths = newest?.endpoints.map((one) => one.path) ?? [];
  const departures = new Set(paths.flatMap((one) => lookedGone(tellingAt(looks, one))));
  const telling = tellingAt(looks, path);
  if (departures.size < 2 || telling.at(-1)?.look !== newest) return [];
  return goneAt(telling, telling.length - 1);
}

/** When rows were missing that had been there at the look before. */
const lookedGone = (telling: readonly Telling[]): string[] =>
  telling.flatMap(({ look, missing }, at) => {
    const before = telling[at - 1];
    return before && [...missing].some(([name, fill]) => wasThere(before, name, fill)) ? [look.at] : [];
  });

/**
 * Whether rows are shown by turns: some went while others came, or came back that had gone. Of replicas that lag only the newest rows
 * come and go.
 */
export const areByTurns = (looks: readonly Look[]): boolean =>
  (looks.at(-1)?.endpoints ?? []).some(({ path }) => {
    const telling = tellingAt(looks, path);
    return (
      telling.some((one, at) => telling.slice(at + 1).some((other) => haveCrossed(one, other))) || haveReturned(telling)
    );
  });

function haveCrossed(one: Telling, other: Telling): boolean {
  const came = [...one.missing].some(([name, fill]) => wasThere(other, name, fill));
  return came && [...other.missing].some(([name, fill]) => wasThere(one, name, fill));
}

function haveReturned(telling: readonly Telling[]): boolean {
  if (telling.every(({ isNewest }) => isNewest)) return false;
  return telling.some(({ missing }, at) =>
    [...missing].some(
      ([name, fill]) =>
        telling.slice(0, at).some((one) => wasThere(one, name, fill)) &&
        telling.slice(at + 1).some((one) => wasThere(one, name, fill)),
    ),
  );
}

/** Shares of rows that may be those of one of two stores; of one row nothing follows. */
const [halfMin, halfMax] = [0.4, 0.6];

/**
 * Whether about half of the rows are missing, at each endpoint from the one before the first such row on: the others may lie in a second
 * store, and be shown next.
 */
export function mayBeHalf({ endpoints }: Look): boolean {
  const losing = endpoints.flatMap(({ found, missing, asked = 0 }) => {
    const first = found.find(([kind]) => kind === 'missing')?.[3];
    return first === undefined ? [] : [{ missing, since: asked - first + 1 }];
  });
  const missing = losing.reduce((sum, one) => sum + one.missing, 0);
  const share = missing / losing.reduce((sum, one) => sum + one.since, 0);
  return missing > 1 && share >= halfMin && share <= halfMax;
}
