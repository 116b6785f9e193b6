import type { Side } from './align.js';
import type { Duplicate } from './report.js';
import { rowName } from './row-name.js';
import { RowTable } from './row-table.js';

export interface Duplicates {
  /** Rows beyond the first of each name. */
  readonly surplusBaseline: number;
  readonly surplusApp: number;
  /** The first names that repeat, in the order of the baseline, then of the app. */
  readonly listed: readonly Duplicate[];
  /** Whether another row of the same side has the name of this one. */
  readonly isRepeatedInBaseline: (row: number) => boolean;
  readonly isRepeatedInApp: (row: number) => boolean;
}

export const noDuplicates: Duplicates = {
  surplusBaseline: 0,
  surplusApp: 0,
  listed: [],
  isRepeatedInBaseline: () => false,
  isRepeatedInApp: () => false,
};

/** Finds identities and keys that stand on more than one row of a side; lists at most `listedMax` of them. */
export function findDuplicates(baseline: Side, app: Side, listedMax: number): Duplicates {
  const seed = baseline.index.plan.seed[0];
  const mine = new RowTable(baseline.names, baseline.named, seed);
  const theirs = new RowTable(app.names, app.named, seed);
  const countIn = (table: RowTable, { names }: Side, row: number): number =>
    table.count(names[2 * row] ?? 0, names[2 * row + 1] ?? 0);
  const inBaseline = mine.repeatedRows();
  const inApp = theirs.repeatedRows();
  const duplicateOf = (side: Side, row: number): Duplicate => ({
    ...rowName(side.index, row),
    baseline: countIn(mine, side, row),
    app: countIn(theirs, side, row),
  });
  const onlyInApp = inApp.filter((row) => countIn(mine, app, row) < 2);
  return {
    surplusBaseline: inBaseline.reduce((sum, row) => sum + countIn(mine, baseline, row) - 1, 0),
    surplusApp: inApp.reduce((sum, row) => sum + countIn(theirs, app, row) - 1, 0),
    listed: [
      ...inBaseline.slice(0, listedMax).map((row) => duplicateOf(baseline, row)),
      ...onlyInApp.slice(0, Math.max(0, listedMax - inBaseline.length)).map((row) => duplicateOf(app, row)),
    ],
    isRepeatedInBaseline: (row) => mine.isRepeated(baseline.names[2 * row] ?? 0, baseline.names[2 * row + 1] ?? 0),
    isRepeatedInApp: (row) => theirs.isRepeated(app.names[2 * row] ?? 0, app.names[2 * row + 1] ?? 0),
  };
}
