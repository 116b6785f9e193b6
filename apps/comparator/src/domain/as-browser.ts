import { isFull, type Endpoint } from './endpoints.js';
import { expectedFields, identityOf, type Obligation } from './obligation.js';
import type { ReadBody } from './readable-body.js';
import { showsFields } from './shown-rows.js';
import { storable } from './storable.js';
import type { Json } from '#libs/parity/src/values.js';

/** Rows of the obligation that an app showed to one of two readers only, which asked at the same moment. */
export interface BrowserFindings {
  readonly onlyToUs: number;
  readonly onlyToBrowser: number;
  readonly samples: readonly {
    readonly marker: string;
    readonly fill: number;
    readonly acknowledgedAt: string | null;
    readonly toUs: unknown;
    readonly toBrowser: unknown;
  }[];
}

export interface TwoAnswers {
  readonly endpoint: Endpoint;
  readonly obligations: readonly Obligation[];
  readonly toUs: ReadBody;
  readonly toBrowser: ReadBody;
  readonly now: string;
}

const samplesMax = 5;
const rowBytesMax = 500;
/** What was acknowledged later may be on its way to one of the two answers. */
const settledMs = 60_000;
/** Of a full list, rows leave at one end while it is read. */
const leavingShareMax = 0.5;

/**
 * Which list an extra reader that looks like a browser asks for in a comparison, so that who answers only us well is found; in one of
 * four comparisons none. Nobody can know it before: the comparison's id is random.
 */
export function kindAskedAsBrowser(comparisonId: string): 'entry' | 'mood' | 'value' | null {
  const draw = Number.parseInt(comparisonId.at(-1) ?? '0', 16) % 4;
  return (['entry', 'mood', 'value'] as const)[draw] ?? null;
}

/** What an app answered to us and not to a browser, or the other way round; undefined when both were told the same of what it owes. */
export function compareAnswers({
  endpoint,
  obligations,
  toUs,
  toBrowser,
  now,
}: TwoAnswers): BrowserFindings | undefined {
  if (toUs.refusal || toBrowser.refusal) return undefined;
  const settled = obligations.filter(
    ({ acknowledgedAt }) => Date.parse(acknowledgedAt ?? now) <= Date.parse(now) - settledMs,
  );
  const [ours, theirs] = [rowsAsSent(toUs, settled), rowsAsSent(toBrowser, settled)];
  const differing = settled.filter((one) => ours.has(identityOf(one)) !== theirs.has(identityOf(one)));
  const mayBeLeaving = [toUs, toBrowser].some(({ rowCount }) => isFull(endpoint, rowCount));
  const shown = Math.max(ours.size, theirs.size);
  if (differing.length === 0 || (mayBeLeaving && differing.length < shown * leavingShareMax)) return undefined;
  const onlyToUs = differing.filter((one) => ours.has(identityOf(one))).length;
  return {
    onlyToUs,
    onlyToBrowser: differing.length - onlyToUs,
    samples: differing.slice(-samplesMax).map((one) => ({
      ...{ marker: one.marker, fill: one.fill, acknowledgedAt: one.acknowledgedAt },
      toUs: storable(ours.get(identityOf(one)) ?? null, rowBytesMax),
      toBrowser: storable(theirs.get(identityOf(one)) ?? null, rowBytesMax),
    })),
  };
}

/** By identity, one row each that is as it was sent. */
function rowsAsSent(body: ReadBody, obligations: readonly Obligation[]): Map<number, Json> {
  const owed = new Map(obligations.map((one) => [identityOf(one), one]));
  const rows = new Map<number, Json>();
  body.identities.forEach((identity, at) => {
    const obligation = owed.get(identity);
    if (!obligation || rows.has(identity)) return;
    const row = body.rowAt(at);
    if (showsFields(row, expectedFields(obligation.payload))) rows.set(identity, row);
  });
  return rows;
}
