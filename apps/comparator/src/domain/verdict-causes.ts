import { are, causeOf, emptyGroup, joined, listed, rowsText, type Group } from './cause-group.js';
import { causesOf, healedRows } from './causes.js';
import { areByTurns } from './coming-and-going.js';
import { settled } from './lasting.js';
import { verdictOfEndpoint, type EndpointLook, type Fetched, type Look } from './look.js';
import type { MistakeName } from './mistakes.js';
import type { Cause } from '#libs/contracts/src/comparator.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

/** Why an app has its verdict, for every verdict that says something of the app: out of sync, unreachable, or in sync at last. */
export function causesFor(verdict: Verdict, looks: readonly Look[], healedAfterMs: number | null): Cause[] {
  const newest = settled(looks);
  if (!newest) return [];
  const earlier = looks.slice(0, -1);
  if (verdict === 'out-of-sync') return causesOf(newest, earlier, areByTurns(looks));
  if (verdict === 'unreachable') return joined(newest.endpoints.flatMap(awayGroup)).map(causeOf);
  return verdict === 'in-sync' && healedAfterMs !== null ? lateCauses(newest, earlier, healedAfterMs) : [];
}

/** How each way to fail is told; what is not named here is an app that is not there. */
const mistakeOfFailure: Readonly<Record<string, MistakeName>> = {
  status: 'failing',
  redirect: 'redirecting',
  ...Object.fromEntries(['headers-timeout', 'total-timeout', 'too-slow', 'tiny-chunks'].map((code) => [code, 'slow'])),
  ...Object.fromEntries(
    [
      ...['shape', 'unjudgeable', 'headers-too-large', 'body-too-large', 'compression-bomb'],
      ...['encoding-not-accepted', 'encoding-broken', 'bad-http'],
    ].map((code) => [code, 'wrong-shape']),
  ),
};

function awayGroup(endpoint: EndpointLook): Group[] {
  if (verdictOfEndpoint(endpoint) !== 'unreachable') return [];
  const { problem, failure = '' }: Fetched = endpoint.app;
  const mistake = mistakeOfFailure[failure] ?? 'away';
  const sentence = ({ endpoints }: Group) => `${problem ?? 'It could not be read.'} At ${listed(endpoints)}.`;
  return [{ ...emptyGroup, name: 'unreachable', mistake, endpoints: [endpoint.path], sentence }];
}

function lateCauses(newest: Look, earlier: readonly Look[], healedAfterMs: number): Cause[] {
  const rows = healedRows(newest, earlier);
  if (rows === 0) return [];
  const endpoints = newest.endpoints
    .filter(({ path }) => earlier.some((look) => look.endpoints.some((one) => one.path === path && one.missing > 0)))
    .map(({ path }) => path);
  const sentence = () =>
    `${rowsText(rows)} ${are(rows)} there that ${rows === 1 ? 'was' : 'were'} not at first: ${rows === 1 ? 'it' : 'they'} came up to ${(healedAfterMs / 1_000).toFixed(1)} s late.`;
  return [causeOf({ ...emptyGroup, name: 'late', mistake: 'lagging-replica', rows, endpoints, sentence })];
}
