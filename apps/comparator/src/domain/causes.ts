import { are, causeOf, emptyGroup, fillsText, joined, listed, rowsText, type Group } from './cause-group.js';
import { mistakeOfChanges } from './changed-rows.js';
import type { Difference, DifferenceName, EndpointLook, Look } from './look.js';
import { isStretchBefore, mistakeOfLost, patternsOf, patternText } from './lost-rows.js';
import { figuresApart, figuresFrom, statisticsGroups } from './statistics-causes.js';
import type { Cause } from '#libs/contracts/src/comparator.js';

const causesMax = 5;

/**
 * Differences that have lasted, grouped by the mistake that they are typical of, largest first: what one would look for first.
 * `earlier` are the looks before: what was missing then and is there now tells what comes late from what is lost. `byTurns`: rows come
 * and go between the looks.
 */
export function causesOf(look: Look, earlier: readonly Look[] = [], byTurns = false): Cause[] {
  const rowGroups = look.endpoints.flatMap((endpoint) => [
    absentGroup(endpoint, look),
    doubledGroup(endpoint, look),
    ...changedGroups(endpoint, look),
    besideGroup(endpoint),
    foreignGroup(endpoint),
  ]);
  const groups = [
    ...(byTurns ? goneGroups(look) : lostGroups(look, earlier)),
    ...rowGroups,
    ...statisticsGroups(look, byTurns),
  ];
  return joined(groups.filter(({ rows }) => rows > 0))
    .toSorted((a, b) => b.rows - a.rows)
    .slice(0, causesMax)
    .map(causeOf);
}

/** Rows that an earlier look missed and that have come since. */
export function healedRows(look: Look, earlier: readonly Look[]): number {
  const missingAt = ({ endpoints }: Look) =>
    endpoints.flatMap(({ found }) => found.flatMap(([kind, name]) => (kind === 'missing' ? [name] : [])));
  const still = new Set(missingAt(look));
  return new Set(earlier.flatMap(missingAt).filter((name) => !still.has(name))).size;
}

function lostGroups(look: Look, earlier: readonly Look[]): Group[] {
  const losing = look.endpoints.filter(({ missing }) => missing > 0);
  const patterns = patternsOf(losing);
  const hasHealed = healedRows(look, earlier) > 0;
  return losing.map((endpoint) => {
    const pattern = patterns.get(endpoint.path) ?? 'scattered';
    return {
      ...{ ...emptyGroup, name: 'lost', mistake: mistakeOfLost(pattern, hasHealed), how: pattern },
      ...{ rows: endpoint.missing, fills: fillsOf(endpoint, 'missing'), endpoints: [endpoint.path] },
      follows: figuresFrom(endpoint, look),
      sentence: ({ rows, fills }) =>
        `${rowsText(rows)} that the app acknowledged${fillsText(fills)} ${are(rows)} not there${patternText[pattern]}.`,
    };
  });
}

/** Rows of two stores: what one look lacks another one has. Figures are answered by one of the two as well. */
function goneGroups(look: Look): Group[] {
  const losing = look.endpoints.filter(({ missing }) => missing > 0);
  return losing.map((endpoint) => ({
    ...{ ...emptyGroup, name: 'lost', mistake: 'two-stores', rows: endpoint.missing },
    ...{ fills: fillsOf(endpoint, 'missing'), endpoints: [endpoint.path], follows: figuresApart(look) },
    sentence: ({ rows, fills }) =>
      `${rowsText(rows)} that the app acknowledged${fillsText(fills)} ${are(rows)} not there at this look; rows come and go, now these are there and now others.`,
  }));
}

/** Inherited with the full history and not there: the copy that the app began from lacks it, or the app has refused it. */
function absentGroup(endpoint: EndpointLook, look: Look): Group {
  return {
    ...{ ...emptyGroup, name: 'absent', mistake: 'incomplete-copy', rows: endpoint.absent ?? 0 },
    ...{ fills: fillsOf(endpoint, 'absent'), endpoints: [endpoint.path], follows: figuresFrom(endpoint, look) },
    sentence: ({ rows, fills }) =>
      `${rowsText(rows)} of the full history${fillsText(fills)} that the baseline shows ${are(rows)} not there.`,
  };
}

function doubledGroup(endpoint: EndpointLook, look: Look): Group {
  const mistake = isStretchBefore(endpoint, 'doubled') ? 'overlapping-backfill' : 'duplicate-delivery';
  return {
    ...{ ...emptyGroup, name: 'doubled', mistake, rows: endpoint.doubled, fills: fillsOf(endpoint, 'doubled') },
    ...{ endpoints: [endpoint.path], follows: figuresFrom(endpoint, look) },
    sentence: ({ rows, fills }) =>
      `${rowsText(rows)} that ${rows === 1 ? 'was' : 'were'} written once${fillsText(fills)} ${are(rows)} there twice.`,
  };
}

/** One group for each field; rows beyond those kept are counted under the first one. */
function changedGroups(endpoint: EndpointLook, look: Look): Group[] {
  const shown = endpoint.differences.filter(({ kind, marker }) => kind === 'changed' && marker !== null);
  const beyond = Math.max(0, endpoint.changed - placesAround(endpoint).length - shown.length);
  const fields = shown.length > 0 ? [...new Set(shown.map(fieldOf))] : ['row'];
  const byField = fields.map((field) => ({ field, rows: shown.filter((one) => fieldOf(one) === field) }));
  return byField.map(({ field, rows }, n) => ({
    ...{ ...emptyGroup, ...mistakeOfChanges(rows), name: `changed ${field}`, fields: [field] },
    ...{ rows: rows.length + (n === 0 ? beyond : 0), fills: fillsOf(endpoint, 'changed') },
    ...{ endpoints: [endpoint.path], follows: field === '/mood' ? figuresFrom(endpoint, look) : [] },
    sentence: changedSentence,
  }));
}

const fieldOf = ({ fields }: Difference): string => fields[0]?.path ?? 'whole row';

/** How rows were changed where that is known; else that they are other than was sent. */
function changedSentence({ rows, fills, fields, how }: Group): string {
  const what = `${rowsText(rows)}${fillsText(fills)} ${rows === 1 ? 'comes' : 'come'} back with`;
  const names = listed(fields);
  return how === '' ? `${what} another ${names} than was sent.` : `${what} ${names} ${how}.`;
}

function besideGroup(endpoint: EndpointLook): Group {
  const places = placesAround(endpoint);
  return {
    ...{ ...emptyGroup, name: 'beside the rows', mistake: 'another-answer', how: endpoint.path },
    ...{ rows: places.length, endpoints: [endpoint.path] },
    sentence: () => `The answer differs beside its rows: ${places.slice(0, 3).join(', ')}.`,
  };
}

/** What was written only to the baseline is shown to staff; that there is some, to everybody. */
function foreignGroup({ path, foreign = 0 }: EndpointLook): Group {
  return {
    ...{ ...emptyGroup, name: 'foreign', mistake: 'reads-from-baseline', rows: foreign, endpoints: [path] },
    sentence: ({ rows }) => `${rowsText(rows)} ${are(rows)} shown that ${rows === 1 ? 'was' : 'were'} written only to the baseline.`, // prettier-ignore
  };
}

/** A change that belongs to no write of ours stands beside the rows. */
const placesAround = ({ found }: EndpointLook): string[] =>
  found.flatMap(([kind, name, fill]) => (kind === 'changed' && fill === null ? [name] : []));

const fillsOf = ({ found }: EndpointLook, kind: DifferenceName): number[] =>
  found.flatMap(([one, , fill]) => (one === kind ? (fill ?? []) : []));
