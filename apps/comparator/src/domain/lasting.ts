import { goneAgain } from './coming-and-going.js';
import { differencesAt, verdictOfLook, type DifferenceName, type EndpointLook, type Found, type Look } from './look.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

/** Waits between looks. What has outlived all of them is blamed; looks beyond are for what keeps changing or could not be seen. */
export interface LookPolicy {
  readonly waitsMs: readonly number[];
  readonly looksMax: number;
}
export const lookPolicy: LookPolicy = { waitsMs: [3_000, 7_000], looksMax: 5 };

/** Whether what the newest look found has lasted long enough to be said. */
export function hasLasted(looks: readonly Look[], verdict: Verdict, policy: LookPolicy): boolean {
  const newest = looks.at(-1)!;
  if (verdict === 'unknown')
    return isLong(
      trailing(looks, (look) => verdictOfLook(look) === 'unknown'),
      policy,
    );
  if (verdict === 'unreachable') return newest.endpoints.some(({ path }) => staysAway(looks, path, policy));
  return newest.endpoints.some(({ path }) => lastingAt(looks, path, policy).length > 0);
}

/**
 * The newest look with nothing but what has lasted: counted, named and ranked is only what was there at every look that could judge
 * it. The rest is being looked at: an endpoint with such a rest is `unsettled`, and its note says how much.
 */
export function settled(looks: readonly Look[], policy: LookPolicy = lookPolicy): Look | undefined {
  const newest = looks.at(-1);
  return newest && { ...newest, endpoints: newest.endpoints.map((endpoint) => settledAt(endpoint, looks, policy)) };
}

function settledAt(endpoint: EndpointLook, looks: readonly Look[], policy: LookPolicy): EndpointLook {
  if (endpoint.state === 'app-failed' && !staysAway(looks, endpoint.path, policy))
    return { ...endpoint, state: 'unsettled', note: 'It could not be read just now; nobody is blamed for one look.' };
  if (endpoint.state !== 'judged' || differencesAt(endpoint) === 0) return endpoint;
  const lasting = lastingAt(looks, endpoint.path, policy);
  const isLasting = new Set(lasting.map(keyOf));
  const counts = { ...countsOf(endpoint, lasting) };
  const rest = differencesAt(endpoint) - differencesAt({ ...endpoint, ...counts });
  const comingAndGoing = goneAgain(looks, endpoint.path).filter((name) => isLasting.has(`missing ${name}`));
  return {
    ...endpoint,
    ...counts,
    ...(comingAndGoing.length > 0 ? { comingAndGoing } : {}),
    state: rest > 0 ? 'unsettled' : 'judged',
    note:
      [...(rest > 0 ? [`${more(rest)} not the same at every look.`] : []), endpoint.note].filter(Boolean).join(' ') ||
      null,
    found: lasting,
    differences: endpoint.differences.filter(({ kind, marker, what }) => isLasting.has(`${kind} ${marker ?? what}`)),
  };
}

/** Of each kind those that lasted; where all that are named did, those beyond the names count with them. */
function countsOf(endpoint: EndpointLook, lasting: readonly Found[]) {
  const of = (kind: DifferenceName) => {
    const count = (found: readonly Found[]) => found.filter((one) => one[0] === kind).length;
    const lasted = count(lasting);
    return lasted > 0 && lasted === count(endpoint.found) ? (endpoint[kind] ?? 0) : lasted;
  };
  const { absent, foreign } = endpoint;
  return {
    ...{ missing: of('missing'), changed: of('changed'), doubled: of('doubled'), derived: of('derived') },
    ...(absent === undefined ? {} : { absent: of('absent') }),
    ...(foreign === undefined ? {} : { foreign: of('foreign') }),
  };
}

/**
 * Differences of the newest look that were there at every look that could judge this endpoint, back to long enough ago; and rows that
 * are missing again, when they have been looked at for as long.
 */
function lastingAt(looks: readonly Look[], path: string, policy: LookPolicy): readonly Found[] {
  const judging = looks.flatMap((look) => {
    const endpoint = endpointOf(look, path);
    return endpoint?.state === 'judged' ? [{ look, found: new Set(endpoint.found.map(keyOf)) }] : [];
  });
  const newest = endpointOf(looks.at(-1)!, path);
  if (newest?.state !== 'judged') return [];
  const judged = judging.map((one) => one.look);
  const gone = isLong(judged, policy) ? new Set(goneAgain(looks, path)) : undefined;
  return newest.found.filter((found) => {
    if (found[0] === 'missing' && gone?.has(found[1])) return true;
    const run = trailing(judging, (one) => one.found.has(keyOf(found)));
    return isLong(
      run.map((one) => one.look),
      policy,
    );
  });
}

/** Looks at which we or the baseline failed say nothing about the app. */
function staysAway(looks: readonly Look[], path: string, policy: LookPolicy): boolean {
  const telling = looks.filter((look) => ['judged', 'app-failed'].includes(endpointOf(look, path)?.state ?? ''));
  const isAwayNow = endpointOf(looks.at(-1)!, path)?.state === 'app-failed';
  return (
    isAwayNow &&
    isLong(
      trailing(telling, (look) => endpointOf(look, path)!.state === 'app-failed'),
      policy,
    )
  );
}

/** As many looks as there are when every wait is over, or as long a time. */
function isLong(looks: readonly Look[], { waitsMs }: LookPolicy): boolean {
  const first = looks[0];
  if (!first) return false;
  const spanMs = Date.parse(looks.at(-1)!.at) - Date.parse(first.at);
  return looks.length > waitsMs.length || (looks.length > 1 && spanMs >= waitsMs.reduce((sum, ms) => sum + ms, 0));
}

function trailing<T>(list: readonly T[], is: (one: T) => boolean): readonly T[] {
  return list.slice(list.findLastIndex((one) => !is(one)) + 1);
}

const endpointOf = (look: Look, path: string) => look.endpoints.find((endpoint) => endpoint.path === path);
const keyOf = ([kind, name]: Found): string => `${kind} ${name}`;
const more = (count: number): string =>
  count === 1
    ? 'One more difference is being looked at: it was'
    : `${count.toLocaleString('en')} more differences are being looked at: they were`;
