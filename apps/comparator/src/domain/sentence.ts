import {
  inheritedOf,
  verdictOfEndpoint,
  verdictOfLook,
  type DifferenceName,
  type EndpointLook,
  type Look,
} from './look.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';
import { cutText } from '#libs/parity/src/fields.js';

const sentenceCharsMax = 500;

/** The whole matter in one sentence: what, where, since when; never blaming, never more than it knows. Of what has lasted only. */
export const sentenceOf = (verdict: Verdict, look: Look, healedAfterMs: number | null): string =>
  cutText(whole(verdict, look, healedAfterMs), sentenceCharsMax);

function whole(verdict: Verdict, look: Look, healedAfterMs: number | null): string {
  if (verdict === 'pending')
    return look.acknowledged + inheritedOf(look) === 0 ? nothingYet(look.fillsClosed) : unsettled(look);
  if (verdict === 'in-sync') return inSync(look, healedAfterMs);
  if (verdict === 'unreachable') return unreachable(look);
  if (verdict === 'out-of-sync') return outOfSync(look);
  return unknown(look);
}

/** Nothing that the app answers for: why not. */
export const nothingYet = (fillsClosed: number): string =>
  fillsClosed === 0
    ? 'Nothing to compare yet: no fill has closed since the app joined.'
    : `Nothing to compare yet: of ${fillsClosed === 1 ? 'the fill' : `${number(fillsClosed)} fills`} since it joined the app has acknowledged no write.`;

/** What the newest look found, before anybody is blamed for it. */
export function lookingAgain(look: Look, inMs: number): string {
  const again = `looking again in ${Math.round(inMs / 1_000)} s before saying so.`;
  const verdict = verdictOfLook(look);
  if (verdict === 'out-of-sync') return `Something differs; ${again}`;
  if (verdict === 'unreachable') return `The app could not be read; ${again}`;
  const isOurs = look.endpoints.some((endpoint) => endpoint.state === 'our-fault');
  return `${isOurs ? 'Our side failed' : 'The baseline could not be relied on'}; ${again}`;
}

function unsettled(look: Look): string {
  const isAway = look.endpoints.some((endpoint) => endpoint.app.problem !== null);
  if (isAway) return 'Not judged: the app could be read at some looks and not at others. Compare again when it is up.';
  return 'Not judged: at each look other rows were missing, and those that were missing before had come. Rows come late; compare again when less is written.';
}

function inSync(look: Look, healedAfterMs: number | null): string {
  const { acknowledged, endpoints } = look;
  const inherited = inheritedOf(look);
  const behind = endpoints.reduce((sum, endpoint) => sum + endpoint.behindWindow, 0);
  const total = acknowledged + inherited;
  const all = behind > 0 ? `all ${number(total - behind)} that can still be shown` : `all ${number(total)}`;
  const more = inherited > 0 ? ` and ${number(inherited)} more of the full history` : '';
  const late = healedAfterMs === null ? '' : ` Some came late: after ${seconds(healedAfterMs)}.`;
  return `In sync: of ${rows(acknowledged)} that the app acknowledged${more}, ${all} are as they should be.${late}`;
}

function outOfSync(look: Look): string {
  const sum = (pick: (endpoint: EndpointLook) => number) =>
    look.endpoints.reduce((total, endpoint) => total + pick(endpoint), 0);
  const goneAgain = sum(({ comingAndGoing = [] }) => comingAndGoing.length);
  const lost = sum((endpoint) => endpoint.missing) - goneAgain;
  const doubled = sum((endpoint) => endpoint.doubled);
  const absent = sum((endpoint) => endpoint.absent ?? 0);
  const foreign = sum((endpoint) => endpoint.foreign ?? 0);
  const around = look.endpoints.filter((endpoint) => endpoint.found.some(isAround));
  const changed = sum((endpoint) => endpoint.changed) - sum((endpoint) => endpoint.found.filter(isAround).length);
  const parts = [
    ...(lost ? [`${rows(lost)} acknowledged, then lost${since(look, 'missing')}`] : []),
    ...(goneAgain ? [`${rows(goneAgain)} acknowledged that ${goneAgain === 1 ? 'comes and goes' : 'come and go'}, there at one look and not at the next`] : []), // prettier-ignore
    ...(absent
      ? [`${rows(absent)} of the full history, which the baseline shows, not there${since(look, 'absent')}`]
      : []),
    ...(changed ? [`${rows(changed)} changed${since(look, 'changed')}`] : []),
    ...(doubled ? [`${rows(doubled)} doubled${since(look, 'doubled')}`] : []),
    ...(around.length
      ? [`an answer that differs beside its rows, at ${around.map((one) => one.path).join(' and ')}`]
      : []),
    ...(foreign ? [`${rows(foreign)} shown that ${foreign === 1 ? 'was' : 'were'} written only to the baseline`] : []),
    ...(sum((endpoint) => endpoint.derived) ? ['statistics that do not follow from the app’s own rows'] : []),
  ];
  const isMore = look.endpoints.some((endpoint) => endpoint.state === 'unsettled');
  return `Out of sync: ${parts.join('; ')}.${isMore ? ' More is being looked at.' : ''}`;
}

/** A change that belongs to no write of ours stands beside the rows. */
const isAround = ([kind, , fill]: EndpointLook['found'][number]): boolean => kind === 'changed' && fill === null;

/** The first fill that such a difference belongs to. */
function since(look: Look, kind: DifferenceName): string {
  const fills = look.endpoints.flatMap(({ found }) =>
    found.flatMap(([one, , fill]) => (one === kind ? (fill ?? []) : [])),
  );
  return fills.length > 0 ? ` since fill ${fills.reduce((least, fill) => Math.min(least, fill))}` : '';
}

function unreachable(look: Look): string {
  const failed = look.endpoints.filter((endpoint) => verdictOfEndpoint(endpoint) === 'unreachable');
  const where =
    failed.length === look.endpoints.length ? 'the app' : failed.map((endpoint) => endpoint.path).join(' and ');
  return `Unreachable: ${where} could not be read. ${failed[0]?.app.problem ?? ''}`.trim();
}

function unknown(look: Look): string {
  const ours = look.endpoints.find((endpoint) => endpoint.state === 'our-fault');
  if (ours)
    return `Unknown, our side: ${ours.note ?? ours.app.problem ?? ours.baseline.problem ?? 'the comparison could not be done.'} It costs the app nothing.`;
  const baseline = look.endpoints.find((endpoint) => verdictOfEndpoint(endpoint) === 'unknown');
  return `Unknown, the baseline’s side: ${baseline?.baseline.problem ?? baseline?.note ?? 'it could not be read.'} It costs the app nothing.`;
}

const number = (count: number): string => count.toLocaleString('en');
const rows = (count: number): string => `${number(count)} ${count === 1 ? 'row' : 'rows'}`;
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
