import { verdictOfEndpoint, type Difference, type EndpointLook, type Look } from './look.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

/** The whole matter in one sentence: what, where, since when; never blaming, never more than it knows. */
export function sentenceOf(verdict: Verdict, look: Look, healedAfterMs: number | null): string {
  if (verdict === 'pending') return 'Nothing to compare yet: no fill has closed since the app joined.';
  if (verdict === 'in-sync') return inSync(look, healedAfterMs);
  if (verdict === 'unreachable') return unreachable(look);
  if (verdict === 'out-of-sync') return outOfSync(look);
  return unknown(look);
}

function inSync({ acknowledged, endpoints }: Look, healedAfterMs: number | null): string {
  const behind = endpoints.reduce((sum, endpoint) => sum + endpoint.behindWindow, 0);
  const all = behind > 0 ? `all ${acknowledged - behind} that can still be shown` : `all ${acknowledged}`;
  const late = healedAfterMs === null ? '' : ` Some came late: after ${seconds(healedAfterMs)}.`;
  return `In sync: of ${rows(acknowledged)} that the app acknowledged, ${all} are as they should be.${late}`;
}

function outOfSync(look: Look): string {
  const sum = (pick: (endpoint: EndpointLook) => number) =>
    look.endpoints.reduce((total, endpoint) => total + pick(endpoint), 0);
  const lost = sum((endpoint) => endpoint.missing);
  const parts = [
    ...(lost ? [`${rows(lost)} acknowledged, then lost${since(look, 'missing')}`] : []),
    ...counted(
      sum((endpoint) => endpoint.changed),
      'changed',
      look,
    ),
    ...counted(
      sum((endpoint) => endpoint.doubled),
      'doubled',
      look,
    ),
    ...(sum((endpoint) => endpoint.derived) ? ['statistics that do not follow from the app’s own rows'] : []),
  ];
  return `Out of sync: ${parts.join('; ')}.`;
}

const counted = (count: number, kind: 'changed' | 'doubled', look: Look): string[] =>
  count ? [`${rows(count)} ${kind}${since(look, kind)}`] : [];

/** The first fill that such a difference belongs to. */
function since(look: Look, kind: Difference['kind']): string {
  const fills = look.endpoints.flatMap((endpoint) =>
    endpoint.differences.filter((one) => one.kind === kind && one.fill !== null).map((one) => one.fill!),
  );
  return fills.length > 0 ? ` since fill ${Math.min(...fills)}` : '';
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
    return `Unknown, our side: ${ours.note ?? ours.app.problem ?? 'the comparison could not be done'} It costs the app nothing.`;
  const baseline = look.endpoints.find((endpoint) => endpoint.state === 'baseline-failed');
  return `Unknown, the baseline’s side: ${baseline?.baseline.problem ?? baseline?.note ?? 'it could not be read.'} It costs the app nothing.`;
}

const rows = (count: number): string => `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}`;
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
