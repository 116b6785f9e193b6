import { alignRows, movedRows, sideOf, unaligned } from './align.js';
import type { Alignment, Side } from './align.js';
import { hasSameOutside, indexBody, outsideValue, rowText } from './body-index.js';
import type { BodyIndex } from './body-index.js';
import { defaultCompareLimits } from './compare-limits.js';
import type { CompareLimits } from './compare-limits.js';
import { findDuplicates, noDuplicates } from './duplicates.js';
import type { Duplicates } from './duplicates.js';
import { cutText, FieldComparison } from './fields.js';
import { PairJudge } from './pair-judge.js';
import type { Plan } from './plan.js';
import type { LoneRow, ParityCounts, ParityReport, SideWarning } from './report.js';
import { rowName } from './row-name.js';
import { isSameBytes } from './same-bytes.js';

export interface CompareOptions {
  /** Limits that differ from `defaultCompareLimits`. */
  readonly limits?: Partial<CompareLimits>;
  /** Per side and row: 0 leaves the row out, as if it were not there, but counted. Without a mask all rows take part. */
  readonly takesPart?: { readonly baseline?: Uint8Array; readonly app?: Uint8Array };
}

/** The report, and what leads on from it: every row, its partner and its bytes. Only the report is data to store. */
export interface Comparison extends Alignment {
  readonly report: ParityReport;
  readonly baseline: BodyIndex;
  readonly app: BodyIndex;
  /** All changed rows by their number in the baseline, not only those the report lists. */
  readonly changedRows: Int32Array;
}

/** Compares two JSON bodies. A body that cannot be read is a refusal in the report, never an exception. */
export function compareBodies(
  plan: Plan,
  baseline: Uint8Array,
  app: Uint8Array,
  options: CompareOptions = {},
): Comparison {
  const index = indexBody(plan, baseline);
  return compareIndexes(index, isSameBytes(baseline, app) ? index : indexBody(plan, app), options);
}

/** Compares two bodies read before, so that one baseline serves many apps. Throws a TypeError when their plans are not the same. */
export function compareIndexes(baseline: BodyIndex, app: BodyIndex, options: CompareOptions = {}): Comparison {
  if (baseline.plan !== app.plan) throw new TypeError('bodies read by different plans cannot be compared');
  const mine = sideOf(baseline, options.takesPart?.baseline);
  const theirs = sideOf(app, options.takesPart?.app);
  const comparer = new Comparer(mine, theirs, { ...defaultCompareLimits, ...options.limits });
  if (baseline.refusal === null && app.refusal === null) comparer.run();
  return comparer.comparison();
}

class Comparer {
  private readonly judge: PairJudge;
  private alignment: Alignment | null = null;
  private readonly changedRows: number[] = [];
  private matched = 0;
  private explained = 0;
  private duplicates: Duplicates = noDuplicates;
  private onlyBaseline: LoneRow[] = [];
  private onlyApp: LoneRow[] = [];
  private outside: FieldComparison;

  constructor(
    private readonly baseline: Side,
    private readonly app: Side,
    private readonly limits: CompareLimits,
  ) {
    this.judge = new PairJudge(baseline.index, app.index, limits);
    this.outside = new FieldComparison({ ...limits, fieldsMax: limits.differencesMax });
  }

  run(): void {
    const alignment = alignRows(this.baseline, this.app);
    const { partnerOfBaseline, partnerOfApp } = alignment;
    this.alignment = alignment;
    this.duplicates = findDuplicates(this.baseline, this.app, this.limits.differencesMax);
    this.judgePairs(alignment);
    const { duplicates } = this;
    this.onlyBaseline = this.loneRows(this.baseline, partnerOfBaseline, duplicates.isRepeatedInBaseline);
    this.onlyApp = this.loneRows(this.app, partnerOfApp, duplicates.isRepeatedInApp);
    this.compareOutside(this.baseline.index, this.app.index);
  }

  /** What is the same byte by byte differs in nothing, and hides nothing. */
  private compareOutside(baseline: BodyIndex, app: BodyIndex): void {
    if (hasSameOutside(baseline, app)) return;
    this.outside.compare(outsideValue(baseline), outsideValue(app), baseline.plan.outside.root);
    this.judge.addHits(this.outside.hits);
  }

  private judgePairs(alignment: Alignment): void {
    const { partnerOfBaseline } = alignment;
    const isOrdered = this.baseline.index.plan.shape.order === 'ordered';
    const moved = new Set(isOrdered ? movedRows(alignment) : []);
    for (const row of this.baseline.rows) {
      const partner = partnerOfBaseline[row] ?? -1;
      if (partner < 0) continue;
      const result = this.judge.judge(row, partner, isOrdered && moved.has(row));
      if (result === 'changed') this.changedRows.push(row);
      else this.matched++;
      if (result === 'explained') this.explained++;
    }
  }

  private loneRows({ index, rows }: Side, partners: Int32Array, isDuplicate: (row: number) => boolean): LoneRow[] {
    const lone: LoneRow[] = [];
    for (const row of rows) {
      if (lone.length === this.limits.differencesMax) break;
      if (partners[row] !== -1) continue;
      const json = cutText(rowText(index, row), this.limits.rowCharsMax);
      lone.push({ ...rowName(index, row), row, json, isDuplicate: isDuplicate(row) });
    }
    return lone;
  }

  comparison(): Comparison {
    return {
      ...(this.alignment ?? unaligned(this.baseline.index, this.app.index)),
      report: this.report(),
      baseline: this.baseline.index,
      app: this.app.index,
      changedRows: Int32Array.from(this.changedRows),
    };
  }

  private report(): ParityReport {
    const { baseline, app, judge, outside } = this;
    const refusals = { baseline: baseline.index.refusal, app: app.index.refusal };
    const { shape } = baseline.index.plan;
    return {
      compared: refusals.baseline === null && refusals.app === null,
      refusals,
      counts: this.counts(),
      changed: judge.changed,
      onlyBaseline: this.onlyBaseline,
      onlyApp: this.onlyApp,
      duplicates: this.duplicates.listed,
      outside: outside.differences,
      outsideMore: outside.count - outside.differences.length,
      tally: judge.tally.report(),
      ruleHits: [...shape.rules, ...shape.outside].map((rule) => ({
        name: rule.name,
        hits: judge.hitsOf(rule),
      })),
      warnings: warningsOf(baseline.index, app.index, judge.collisions),
    };
  }

  private counts(): ParityCounts {
    const { baseline, app, matched, explained, duplicates, judge } = this;
    const compared = baseline.index.refusal === null && app.index.refusal === null;
    const paired = matched + this.changedRows.length;
    return {
      rowsBaseline: baseline.rows.length,
      rowsApp: app.rows.length,
      matched,
      explained,
      changed: this.changedRows.length,
      onlyBaseline: compared ? baseline.rows.length - paired : 0,
      onlyApp: compared ? app.rows.length - paired : 0,
      duplicatedBaseline: duplicates.surplusBaseline,
      duplicatedApp: duplicates.surplusApp,
      leftOutBaseline: baseline.index.rowCount - baseline.rows.length,
      leftOutApp: app.index.rowCount - app.rows.length,
      unexamined: judge.unexamined,
    };
  }
}

function warningsOf(baseline: BodyIndex, app: BodyIndex, collisions: number): SideWarning[] {
  const warnings: SideWarning[] = [
    ...baseline.warnings.map((warning) => ({ side: 'baseline' as const, ...warning })),
    ...app.warnings.map((warning) => ({ side: 'app' as const, ...warning })),
  ];
  if (collisions > 0) {
    const sentence = `${collisions} rows of equal hash differ: the seed is known to somebody, or the engine is wrong.`;
    warnings.push({ side: 'both', code: 'hash-collision', count: collisions, sentence });
  }
  return warnings;
}
