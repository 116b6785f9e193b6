import { verdictOfEndpoint, type Difference, type EndpointLook, type Look } from './domain/look.js';
import type {
  Cause,
  ComparisonDetail,
  ComparisonSummary,
  EndpointDetail,
  EndpointParity,
  RowDifference,
} from '#libs/contracts/src/comparator.js';

/** A stored comparison as it is shown: its newest look. */
export function toDetail(
  row: ComparisonSummary & { looks: readonly Look[]; causes: readonly Cause[]; appUrl: string },
): ComparisonDetail {
  const { looks, causes, appUrl, ...summary } = row;
  const newest = looks.at(-1);
  const endpoints = newest?.endpoints ?? [];
  return {
    ...summary,
    appUrl,
    baselineUrl: originOf(endpoints[0]?.baseline.url),
    looks: looks.length,
    acknowledged: newest?.acknowledged ?? 0,
    lostAfterAck: lostAfterAck(newest),
    causes: [...causes],
    endpoints: endpoints.map(toEndpointDetail),
  };
}

export const lostAfterAck = (look: Look | undefined): number =>
  (look?.endpoints ?? []).reduce((sum, endpoint) => sum + endpoint.missing, 0);

export const toParity = (endpoint: EndpointLook): EndpointParity => ({
  path: endpoint.path,
  label: endpoint.label,
  verdict: verdictOfEndpoint(endpoint),
  matched: endpoint.matched,
  missing: endpoint.missing,
  changed: endpoint.changed + endpoint.derived,
  doubled: endpoint.doubled,
  outside: endpoint.outside,
  note: endpoint.app.problem ?? endpoint.baseline.problem ?? endpoint.note,
});

const toEndpointDetail = (endpoint: EndpointLook): EndpointDetail => ({
  ...toParity(endpoint),
  baseline: endpoint.baseline,
  app: endpoint.app,
  window: endpoint.window,
  rules: [...endpoint.rules],
  differences: endpoint.differences.map(toRowDifference),
  differencesTotal: endpoint.missing + endpoint.changed + endpoint.doubled + endpoint.derived,
});

const toRowDifference = (difference: Difference): RowDifference => ({
  kind: difference.kind,
  marker: difference.marker,
  acknowledgedAt: difference.acknowledgedAt,
  fill: difference.fill,
  baseline: difference.baseline,
  app: difference.app,
  fields: [...difference.fields],
  sentence: sentenceOf(difference),
});

function sentenceOf({ kind, marker, fill, fields, what }: Difference): string {
  if (kind === 'derived') return `${what} does not follow from the app’s own rows.`;
  const row = `The row ${marker} of fill ${fill}`;
  if (kind === 'missing') return `${row} was acknowledged and is not there.`;
  if (kind === 'doubled') return `${row} was written once and is there twice.`;
  return `${row} comes back changed in ${fields.map((field) => field.path || 'all').join(', ')}.`;
}

const originOf = (url: string | undefined): string => (url ? new URL(url).origin : '');
