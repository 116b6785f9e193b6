import { hasSameHash } from './align.js';
import { rowValue } from './body-index.js';
import type { BodyIndex } from './body-index.js';
import type { CompareLimits } from './compare-limits.js';
import { FieldComparison } from './fields.js';
import { mixed } from './keyed-hash.js';
import type { ChangedRow } from './report.js';
import { rowName } from './row-name.js';
import type { Rule } from './shape.js';
import { Tally } from './tally.js';

export type PairResult = 'equal' | 'explained' | 'changed';

/**
 * Decides for one pair of rows after the other whether they differ. Rows of equal hash are equal without a look at them, but for a
 * share that is compared exactly; whatever differs by hash, or lies under a tolerance, is always compared exactly.
 */
export class PairJudge {
  readonly changed: ChangedRow[] = [];
  readonly tally = new Tally();
  /** Pairs of equal hash that turned out to differ: somebody knows the seed, or the engine is wrong. */
  collisions = 0;
  unexamined = 0;
  private examined = 0;
  private readonly hits = new Map<Rule, number>();
  /** Hits that were seen by the lanes alone. */
  private readonly laneHits: Int32Array;
  private readonly toleranceLanes: readonly number[];

  constructor(
    private readonly baseline: BodyIndex,
    private readonly app: BodyIndex,
    private readonly limits: CompareLimits,
  ) {
    const { lanes } = baseline.plan.rows;
    this.laneHits = new Int32Array(lanes.length);
    this.toleranceLanes = lanes.flatMap((rule, lane) => (rule.mode === 'tolerance' ? [lane] : []));
  }

  /** `isMoved`: the rows stand out of order, which is a difference by itself. */
  judge(row: number, partner: number, isMoved: boolean): PairResult {
    if (isMoved || !hasSameHash(this.baseline, row, this.app, partner))
      return this.judgeDifferent(row, partner, isMoved);
    if (this.isBeyondHash(row, partner)) return this.conclude(row, partner, this.compare(row, partner));
    if (this.isRechecked(row)) {
      const comparison = this.compare(row, partner);
      if (comparison.count > 0) this.collisions++;
      return this.conclude(row, partner, comparison);
    }
    return this.countLanes(row, partner) ? 'explained' : 'equal';
  }

  /** Adds the hits of a comparison that is not one of rows. */
  addHits(rules: Iterable<Rule>): void {
    for (const rule of rules) this.hits.set(rule, (this.hits.get(rule) ?? 0) + 1);
  }

  /** In how many pairs the rule hid something. */
  hitsOf(rule: Rule): number {
    return (this.hits.get(rule) ?? 0) + (this.laneHits[this.baseline.plan.rows.lanes.indexOf(rule)] ?? 0);
  }

  private judgeDifferent(row: number, partner: number, isMoved: boolean): PairResult {
    if (this.examined === this.limits.examinedMax) {
      this.unexamined++;
      return 'changed';
    }
    this.examined++;
    const comparison = this.compare(row, partner);
    if (isMoved) comparison.addMove(row, partner);
    return this.conclude(row, partner, comparison);
  }

  private compare(row: number, partner: number): FieldComparison {
    const comparison = new FieldComparison(this.limits, this.tally);
    comparison.compare(rowValue(this.baseline, row), rowValue(this.app, partner), this.baseline.plan.rows.root);
    return comparison;
  }

  private conclude(row: number, partner: number, comparison: FieldComparison): PairResult {
    this.addHits(comparison.hits);
    if (comparison.count === 0) return comparison.hits.size > 0 ? 'explained' : 'equal';
    if (this.changed.length < this.limits.differencesMax) {
      const { differences: fields, count } = comparison;
      const name = rowName(this.baseline, row);
      this.changed.push({ ...name, baselineRow: row, appRow: partner, fields, fieldsMore: count - fields.length });
    }
    return 'changed';
  }

  /** A value under a tolerance is no part of the hash. */
  private isBeyondHash(row: number, partner: number): boolean {
    for (const lane of this.toleranceLanes) if (this.differsInLane(row, partner, lane)) return true;
    return false;
  }

  /** The same rows on both sides of the comparison, and others with every seed. */
  private isRechecked(row: number): boolean {
    const draw = mixed(this.baseline.hashes[2 * row] ?? 0, this.baseline.plan.seed[1]) >>> 0;
    return draw < this.limits.recheckShare * 2 ** 32;
  }

  private countLanes(row: number, partner: number): boolean {
    let hasHit = false;
    for (let lane = 0; lane < this.laneHits.length; lane++) {
      if (!this.differsInLane(row, partner, lane)) continue;
      this.laneHits[lane] = (this.laneHits[lane] ?? 0) + 1;
      hasHit = true;
    }
    return hasHit;
  }

  private differsInLane(row: number, partner: number, lane: number): boolean {
    const count = this.laneHits.length;
    return this.baseline.lanes[row * count + lane] !== this.app.lanes[partner * count + lane];
  }
}
