import type { Obligation } from './obligation.js';

/** A row of a list as far as its place in time matters. `time` in ms by the app's clock, NaN when it cannot be read. */
export interface PlacedRow {
  /** The fill that wrote it, when it is a write of ours to this app, and when the app acknowledged it; NaN when it did not. */
  readonly fill: number | undefined;
  readonly acknowledged: number;
  readonly time: number;
}

export interface Clocks {
  /** Our clock when the list was read. */
  readonly now: string;
  /** The app's clock then; null when it did not tell. */
  readonly app: string | null;
}

/** Rows of one end of a list that are looked at: one alone may have come late. */
const edgeRows = 5;
/** Clocks and acknowledgements are no better than this. */
const toleranceMs = 120_000;
/** A quote within this time, of a row that has been pushed out of the window within it too, is taken for the row itself. */
const nearMs = 15_000;

/**
 * Which obligations a full window must still show: those that are newer than its own oldest rows. What was written before them may
 * have been pushed out by anybody's rows. The oldest rows stand at one end of the list; their place is the fill that wrote them, and
 * for rows of strangers their own time, compared with when ours was sent. Of several the newest counts: a write that was late may
 * stand among newer ones. When nothing tells how old the rows are, nothing shows that ours were pushed out: all must be there. When
 * they have times, and nothing tells by which clock, they may all be newer than ours: none must be.
 */
export function mustBeShown(rows: readonly PlacedRow[], clocks: Clocks): (obligation: Obligation) => boolean {
  const known = skewOf(rows, clocks);
  const skewMs = known ?? 0;
  const latest = Date.parse(clocks.now) + toleranceMs;
  const timeOf = ({ fill, time }: PlacedRow) => (fill === undefined && time - skewMs <= latest ? [time - skewMs] : []);
  const edgeOf = (some: readonly PlacedRow[]) => ({
    fill: Math.max(...some.flatMap((row) => row.fill ?? [])),
    time: Math.max(...some.flatMap(timeOf)),
  });
  const oldest = olderEnd(rows);
  const edge = edgeOf(oldest);
  const isKnown = edge.fill > -Infinity || edge.time > -Infinity;
  if (known === undefined && edge.time > -Infinity) return () => false;
  const fill = isKnown
    ? edge.fill
    : rows.reduce((oldestFill, row) => Math.min(oldestFill, row.fill ?? Infinity), Infinity);
  if (!isKnown && fill === Infinity) return () => true;
  return (obligation) =>
    obligation.fill > fill && (edge.time === -Infinity || sentMs(obligation) > edge.time + toleranceMs);
}

/**
 * Whether a row that carries the marker of a write was written with it, by its time: somebody who quotes a marker has read it first,
 * and writes later.
 */
export function ownRow(rows: readonly PlacedRow[], clocks: Clocks): (write: Obligation, row: PlacedRow) => boolean {
  const skewMs = skewOf(rows, clocks) ?? NaN;
  return (write, { time, acknowledged }) =>
    time - skewMs >= sentMs(write) - nearMs && time - skewMs <= acknowledged + nearMs;
}

/**
 * How far the times of rows are ahead of our clock: as the app tells its time, or as it has stamped our own writes, which may be in
 * another time zone; of the two whichever takes strangers for newer. Undefined when it tells neither.
 */
function skewOf(rows: readonly PlacedRow[], clocks: Clocks): number | undefined {
  const told = clocks.app === null ? NaN : Date.parse(clocks.app) - Date.parse(clocks.now);
  const stamped = middle(rows.map(({ time, acknowledged }) => time - acknowledged));
  const known = [told, stamped].filter((ms) => !Number.isNaN(ms));
  return known.length > 0 ? Math.min(...known) : undefined;
}

/** Newest first is the rule; a list may stand the other way round. */
function olderEnd(rows: readonly PlacedRow[]): readonly PlacedRow[] {
  const [first, last] = [rows.slice(0, edgeRows), rows.slice(-edgeRows)];
  const byTime = middle(first.map((row) => row.time)) - middle(last.map((row) => row.time));
  if (byTime !== 0 && !Number.isNaN(byTime)) return byTime < 0 ? first : last;
  const byFill = middle(first.map((row) => row.fill ?? NaN)) - middle(last.map((row) => row.fill ?? NaN));
  return byFill < 0 ? first : last;
}

/** The median of those that are known; NaN when none is. */
function middle(numbers: readonly number[]): number {
  const known = numbers.filter((one) => !Number.isNaN(one)).toSorted((a, b) => a - b);
  return known[known.length >> 1] ?? NaN;
}

/** The earliest time at which its row can have been written. */
function sentMs({ sentAt, acknowledgedAt }: Obligation): number {
  const time = sentAt ?? acknowledgedAt;
  return time === null ? Infinity : Date.parse(time);
}
