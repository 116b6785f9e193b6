import type { BoardFreeze, BoardUpdate, BoardView, Timers } from '#libs/contracts/src/gateway.js';
import type { BoardFill, BoardRow, LogLine } from '#libs/contracts/src/leaderboard.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

/** The board as this page knows it. Rows that did not change keep their identity, so that they need not be drawn again. */
export interface BoardState {
  readonly revision: number;
  /** When the owner of the board was last heard, by the server's clock. */
  readonly asOf: string | null;
  readonly frozen: BoardFreeze | null;
  /** Boards of the past can be asked for from then on. */
  readonly since: string | null;
  readonly rows: readonly BoardRow[];
  readonly fill: BoardFill;
  readonly timers: Timers;
  readonly missing: readonly string[];
  readonly log: readonly LogLine[];
}

export const emptyBoard: BoardState = {
  revision: 0,
  asOf: null,
  frozen: null,
  since: null,
  rows: [],
  fill: { open: null, last: null },
  timers: { fill: null, compare: null },
  missing: [],
  log: [],
};

/** Lines that are kept and drawn. */
export const logLinesMax = 500;

/** Takes one message of the stream in. */
export function applyUpdate(state: BoardState, update: BoardUpdate): BoardState {
  const rows = new Map(update.reset ? [] : state.rows.map((row) => [row.appId, row]));
  for (const row of update.rows) rows.set(row.appId, row);
  for (const appId of update.left) rows.delete(appId);
  const touched = update.reset || update.rows.length > 0 || update.left.length > 0;
  return {
    revision: update.revision,
    asOf: update.asOf,
    frozen: update.frozen,
    since: update.since,
    rows: touched ? inOrder([...rows.values()]) : state.rows,
    fill: update.fill,
    timers: update.timers,
    missing: update.missing,
    log: withLines(state.log, update.log),
  };
}

/** A board of the past, in the place of the live one. Its log is not known. */
export const pastState = (view: BoardView): BoardState => ({ ...view, log: [] });

/** Adds lines in their order; a line that is known already is not added again, and the oldest go beyond the limit. */
export function withLines(log: readonly LogLine[], more: readonly LogLine[]): readonly LogLine[] {
  if (more.length === 0) return log;
  const lines = new Map([...log, ...more].map((line) => [line.line, line]));
  return [...lines.values()].toSorted((a, b) => a.line - b.line).slice(-logLinesMax);
}

/** Ranked first, then by time of joining: the order of the server. */
const inOrder = (rows: BoardRow[]): BoardRow[] =>
  rows.toSorted(
    (a, b) =>
      (a.rank ?? Infinity) - (b.rank ?? Infinity) ||
      a.joinedAt.localeCompare(b.joinedAt) ||
      a.appId.localeCompare(b.appId),
  );

export type VerdictCounts = Readonly<Record<Verdict, number>>;

export function countVerdicts(rows: readonly BoardRow[]): VerdictCounts {
  const counts = { 'in-sync': 0, 'out-of-sync': 0, pending: 0, unreachable: 0, unknown: 0 };
  for (const row of rows) counts[row.verdict] += 1;
  return counts;
}

/** The endpoints that any app was compared on, in the order in which they are shown. */
export function comparedEndpoints(rows: readonly BoardRow[]): { path: string; label: string }[] {
  const found = new Map<string, string>();
  for (const row of rows) for (const { path, label } of row.endpoints) found.set(path, label);
  return [...found].map(([path, label]) => ({ path, label }));
}
