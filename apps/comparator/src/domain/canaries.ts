import { expectedFields, identityOf, type Obligation } from './obligation.js';
import type { ReadBody } from './readable-body.js';
import { showsFields } from './shown-rows.js';
import { storable } from './storable.js';
import { isoMs } from '#libs/parity/src/tolerance.js';
import { isObject, type Json } from '#libs/parity/src/values.js';

/**
 * A row that was written to the baseline and to nobody else, in a fill of which the app itself took writes: what it may have been given
 * when it began, as a copy of the baseline, is older. An app that shows it shows data of the baseline, or somebody has written it there.
 */
export interface Canary extends Pick<Obligation, 'marker' | 'payload' | 'fill'> {
  readonly writtenAt: string;
  /** A write of its fill or of a later one failed: the app was away, and may have been restored from a copy of the baseline since. */
  readonly isBeforeGap: boolean;
}

/** A canary that an app shows, for people; both rows storable. */
export interface CanarySighting extends Omit<Canary, 'payload' | 'isBeforeGap'> {
  /** The app's row has the very time of the baseline's, which whoever writes into an app cannot choose; and no gap explains the copy. */
  readonly isCopy: boolean;
  readonly baseline: unknown;
  readonly app: unknown;
}

export interface CanaryFindings {
  /** Of those that the baseline shows now, the ones that the app shows too, and of these the copies. */
  readonly inBaseline: number;
  readonly shown: number;
  readonly copies: number;
  /** The newest that the app shows: its fill; and the newest that the baseline shows. */
  readonly newestShown: number;
  readonly newest: number;
  /** The newest few. */
  readonly sightings: readonly CanarySighting[];
  /** All that are shown and that no gap explains, newest first. */
  readonly unexplained: readonly (readonly [marker: string, fill: number])[];
}

const sightingsMax = 5;
const rowBytesMax = 500;

/** Which canaries an app shows; undefined when none, as every app should. `canaries` in the order of writing. */
export function canariesShown(
  canaries: readonly Canary[],
  sides: { readonly baseline: ReadBody; readonly app: ReadBody },
): CanaryFindings | undefined {
  if (canaries.length === 0) return undefined;
  const [inBaseline, inApp] = [firstRows(sides.baseline, canaries), firstRows(sides.app, canaries)];
  if (inApp.size === 0) return undefined;
  const there = canaries.filter((canary) => inBaseline.has(identityOf(asWrite(canary))));
  const shown = canaries.filter((canary) => inApp.has(identityOf(asWrite(canary)))).toReversed();
  const sightings = shown.map((canary) => sightingOf(canary, inBaseline, inApp));
  return {
    ...{ inBaseline: there.length, shown: shown.length, copies: sightings.filter(({ isCopy }) => isCopy).length },
    ...{ newestShown: shown[0]!.fill, newest: Math.max(shown[0]!.fill, ...there.map(({ fill }) => fill)) },
    sightings: sightings
      .toSorted((a, b) => Number(b.isCopy) - Number(a.isCopy))
      .slice(0, sightingsMax)
      .map((one) => ({ ...one, ...stored(one) })),
    unexplained: shown.flatMap(({ marker, fill, isBeforeGap }) => (isBeforeGap ? [] : [[marker, fill] as const])),
  };
}

/** The first row of each canary that is as it was written, by its identity. */
function firstRows(body: ReadBody, canaries: readonly Canary[]): Map<number, Json> {
  const wanted = new Map(canaries.map((canary) => [identityOf(asWrite(canary)), canary]));
  const rows = new Map<number, Json>();
  body.identities.forEach((identity, at) => {
    const canary = wanted.get(identity);
    if (!canary || rows.has(identity)) return;
    const row = body.rowAt(at);
    if (isAsWritten(row, canary)) rows.set(identity, row);
  });
  return rows;
}

/** A text that only quotes a marker is somebody else's. */
const isAsWritten = (row: Json, { payload }: Canary): boolean =>
  payload.kind === 'value' || showsFields(row, expectedFields(payload));

interface Rows {
  readonly baseline: Json;
  readonly app: Json;
}

function sightingOf(
  canary: Canary,
  inBaseline: ReadonlyMap<number, Json>,
  inApp: ReadonlyMap<number, Json>,
): Omit<CanarySighting, keyof Rows> & Rows {
  const { marker, fill, writtenAt, isBeforeGap } = canary;
  const identity = identityOf(asWrite(canary));
  const rows = { baseline: inBaseline.get(identity) ?? null, app: inApp.get(identity) ?? null };
  return { marker, fill, writtenAt, isCopy: !isBeforeGap && haveOneTime(rows), ...rows };
}

const stored = ({ baseline, app }: Rows) => ({
  baseline: storable(baseline, rowBytesMax),
  app: storable(app, rowBytesMax),
});

/** To the millisecond; a whole second may be chance, where a store keeps no more. */
function haveOneTime({ baseline, app }: Rows): boolean {
  const [mine, theirs] = [baseline, app].map((row) =>
    isObject(row) && typeof row['created_at'] === 'string' ? isoMs(row['created_at']) : NaN,
  );
  return Math.abs(mine! - theirs!) < 1 && Math.round(mine!) % 1_000 !== 0;
}

const asWrite = ({ marker, payload, fill, writtenAt }: Canary): Obligation => ({
  ...{ marker, payload, fill },
  ...{ index: 0, acknowledgedAt: writtenAt },
});
