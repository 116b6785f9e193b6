import { settled } from './domain/lasting.js';
import {
  differencesAt,
  verdictOfEndpoint,
  type Difference,
  type EndpointLook,
  type Fetched,
  type Look,
} from './domain/look.js';
import { storableText } from './domain/storable.js';
import type {
  Cause,
  ComparisonDetail,
  ComparisonSummary,
  EndpointDetail,
  EndpointParity,
  RowDifference,
  Suspicion,
} from '#libs/contracts/src/comparator.js';
import type { OverrideEntry } from '#libs/contracts/src/overrides.js';

const noteCharsMax = 500;

/** A stored comparison as it is shown: its newest look, with nothing but what has lasted over all of them; one that is over, as judged. */
export function toDetail(
  row: ComparisonSummary & {
    looks: readonly Look[];
    causes: readonly Cause[];
    suspicions: readonly Suspicion[];
    appUrl: string;
    baselineUrl: string | null;
    rulesVersion: number | null;
    isPublic: boolean;
  },
  overrides: readonly OverrideEntry[],
): ComparisonDetail {
  const { looks, causes, suspicions, appUrl, baselineUrl, isPublic, ...summary } = row;
  const newest = summary.state === 'done' ? looks.at(-1) : settled(looks);
  return {
    ...summary,
    appUrl,
    baselineUrl: baselineUrl ?? '',
    looks: looks.length,
    acknowledged: newest?.acknowledged ?? 0,
    lostAfterAck: lostAfterAck(newest),
    causes: [...causes],
    endpoints: (newest?.endpoints ?? []).map(toEndpointDetail),
    suspicions: [...suspicions],
    overrides: [...overrides],
    ...(isPublic ? {} : { isHeldBack: true }),
  };
}

/** What comes and goes is wrong, and not lost. */
export const lostAfterAck = (look: Look | undefined): number =>
  (look?.endpoints ?? []).reduce((sum, { missing, comingAndGoing = [] }) => sum + missing - comingAndGoing.length, 0);

export function toParity(endpoint: EndpointLook): EndpointParity {
  const { foreign = 0 } = endpoint;
  const said = [...(foreign > 0 ? [foreignNote(foreign)] : []), ...(endpoint.note === null ? [] : [endpoint.note])];
  const note = endpoint.app.problem ?? endpoint.baseline.problem ?? (said.join(' ') || null);
  return {
    path: endpoint.path,
    label: endpoint.label,
    verdict: verdictOfEndpoint(endpoint),
    matched: endpoint.matched,
    missing: endpoint.missing,
    ...(endpoint.absent === undefined ? {} : { absent: endpoint.absent }),
    changed: endpoint.changed + endpoint.derived,
    doubled: endpoint.doubled,
    outside: endpoint.outside,
    note: note === null ? null : storableText(note, noteCharsMax),
    ...(foreign > 0 ? { foreign } : {}),
  };
}

const foreignNote = (rows: number): string =>
  rows === 1
    ? 'Shows 1 row that was written only to the baseline.'
    : `Shows ${rows.toLocaleString('en')} rows that were written only to the baseline.`;

const toEndpointDetail = (endpoint: EndpointLook): EndpointDetail => ({
  ...toParity(endpoint),
  baseline: toSide(endpoint.baseline),
  app: toSide(endpoint.app),
  window: endpoint.window,
  explained: endpoint.explained ?? 0,
  rules: [...endpoint.rules],
  differences: endpoint.differences.map(toRowDifference),
  differencesTotal: differencesAt(endpoint) - (endpoint.foreign ?? 0),
});

/** Where it would have led is for staff. */
const toSide = ({ leadsTo: _, ...side }: Fetched): EndpointDetail['app'] => side;

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
  if (marker === null) return `The answer differs beside its rows, in ${what}.`;
  const row = `The row ${marker} of fill ${fill}`;
  if (kind === 'missing') return `${row} was acknowledged and is not there.`;
  if (kind === 'absent') return `${row}, which the baseline shows, is not there; the app never acknowledged it.`;
  if (kind === 'doubled') return `${row} was written once and is there twice.`;
  return `${row} comes back changed in ${fields.map((field) => field.path || 'all').join(', ')}.`;
}
