import { isFull, type Endpoint } from './endpoints.js';
import type { Difference } from './look.js';
import { expectedFields, identityOf, type Obligation } from './obligation.js';
import { indexBody, rowValue, type BodyIndex } from '#libs/parity/src/body-index.js';
import { compareIndexes, type Comparison } from '#libs/parity/src/compare.js';
import { compareValues } from '#libs/parity/src/compare-values.js';
import { makePlan } from '#libs/parity/src/plan.js';
import { isObject, type Json } from '#libs/parity/src/values.js';

export interface RowsEvidence {
  readonly endpoint: Endpoint;
  readonly baseline: Uint8Array;
  readonly app: Uint8Array;
  readonly obligations: readonly Obligation[];
  /** Two random 32-bit numbers, new for each look. */
  readonly seed: readonly [number, number];
}

export interface RowsFindings {
  /** Sentences why a body cannot be judged; null when it can. */
  readonly baselineRefusal: string | null;
  readonly appRefusal: string | null;
  readonly matched: number;
  readonly missing: number;
  readonly changed: number;
  readonly doubled: number;
  readonly outside: number;
  readonly behindWindow: number;
  /** The baseline itself does not show what it should: how many rows. Then nobody can be judged by it. */
  readonly baselineWrong: number;
  readonly rules: readonly { readonly name: string; readonly reason: string; readonly hits: number }[];
  readonly differences: readonly Difference[];
}

/** Differences that are kept whole; the counts count all. */
export const differencesMax = 50;
const valueCharsMax = 400;

/** Which rows of the obligation an app shows, shows differently, twice, or not at all. */
export function judgeRows(evidence: RowsEvidence): RowsFindings {
  const plan = makePlan(evidence.endpoint.shape, { seed: evidence.seed });
  const baseline = indexBody(plan, evidence.baseline);
  const app = indexBody(plan, evidence.app);
  if (baseline.refusal || app.refusal) return refused(baseline, app);
  return new RowsJudge(evidence, baseline, app).findings();
}

const refused = (baseline: BodyIndex, app: BodyIndex): RowsFindings => ({
  ...{
    matched: 0,
    missing: 0,
    changed: 0,
    doubled: 0,
    outside: 0,
    behindWindow: 0,
    baselineWrong: 0,
    rules: [],
    differences: [],
  },
  baselineRefusal: baseline.refusal?.sentence ?? null,
  appRefusal: app.refusal?.sentence ?? null,
});

class RowsJudge {
  private readonly inBaseline: Map<number, number[]>;
  private readonly inApp: Map<number, number[]>;
  private readonly differences: Difference[] = [];
  private readonly counts = { matched: 0, missing: 0, changed: 0, doubled: 0, baselineWrong: 0 };

  constructor(
    private readonly evidence: RowsEvidence,
    private readonly baseline: BodyIndex,
    private readonly app: BodyIndex,
  ) {
    this.inBaseline = rowsByIdentity(baseline);
    this.inApp = rowsByIdentity(app);
  }

  findings(): RowsFindings {
    const { obligations, endpoint } = this.evidence;
    const judged = obligations.slice(this.firstInWindow());
    const comparison = this.compareShared(judged);
    const changed = new Set(comparison.changedRows);
    for (const obligation of judged) this.judge(obligation, changed);
    const known = new Set(obligations.map(identityOf));
    const hits = new Map(comparison.report.ruleHits.map((rule) => [rule.name, rule.hits]));
    return {
      ...this.counts,
      baselineRefusal: null,
      appRefusal: null,
      outside: [...this.app.identities].filter((identity) => !known.has(identity)).length,
      behindWindow: obligations.length - judged.length,
      rules: [...endpoint.shape.rules, ...endpoint.shape.outside].map(({ name, reason }) => ({
        name,
        reason,
        hits: hits.get(name) ?? 0,
      })),
      differences: this.differences,
    };
  }

  /**
   * The index of the first obligation that the app's window can still show. A window that is not full shows everything. A full one
   * begins at the oldest of our rows in it; what was written before that may have been pushed out by anybody's rows.
   */
  private firstInWindow(): number {
    const { endpoint, obligations } = this.evidence;
    if (!isFull(endpoint, this.app.rowCount)) return 0;
    const oldest = obligations.findIndex((obligation) => this.inApp.has(identityOf(obligation)));
    return oldest === -1 ? obligations.length : oldest;
  }

  /** Rows of the obligation that both sides show once, compared field by field under the named rules. */
  private compareShared(judged: readonly Obligation[]): Comparison {
    const masks = { baseline: new Uint8Array(this.baseline.rowCount), app: new Uint8Array(this.app.rowCount) };
    for (const obligation of judged) {
      const [mine] = this.inBaseline.get(identityOf(obligation)) ?? [];
      const [theirs] = this.inApp.get(identityOf(obligation)) ?? [];
      if (mine === undefined || theirs === undefined) continue;
      masks.baseline[mine] = 1;
      masks.app[theirs] = 1;
    }
    return compareIndexes(this.baseline, this.app, { takesPart: masks, limits: { valueCharsMax } });
  }

  private judge(obligation: Obligation, changed: ReadonlySet<number>): void {
    const mine = this.inBaseline.get(identityOf(obligation)) ?? [];
    const theirs = this.inApp.get(identityOf(obligation)) ?? [];
    if (theirs.length === 0) return this.add('missing', obligation, { mine: mine[0], theirs: undefined });
    if (theirs.length > 1) this.add('doubled', obligation, { mine: mine[0], theirs: theirs[1] });
    const row = theirs[0]!;
    if (this.isAsSent(obligation, row, mine[0], changed)) this.counts.matched += 1;
    else this.add('changed', obligation, { mine: mine[0], theirs: row });
  }

  /** As the baseline shows it; or, where the baseline shows nothing or something else than was sent, as it was sent. */
  private isAsSent(
    obligation: Obligation,
    row: number,
    mine: number | undefined,
    changed: ReadonlySet<number>,
  ): boolean {
    if (mine !== undefined && !changed.has(mine)) return true;
    const expected = expectedFields(obligation.payload);
    const asSent = showsFields(rowValue(this.app, row), expected);
    if (mine === undefined) return asSent;
    const baselineWrong = !showsFields(rowValue(this.baseline, mine), expected);
    if (baselineWrong) this.counts.baselineWrong += 1;
    return baselineWrong && asSent;
  }

  private add(
    kind: 'missing' | 'changed' | 'doubled',
    obligation: Obligation,
    rows: { mine: number | undefined; theirs: number | undefined },
  ): void {
    this.counts[kind] += 1;
    if (this.differences.length >= differencesMax) return;
    const baseline = rows.mine === undefined ? expectedFields(obligation.payload) : rowValue(this.baseline, rows.mine);
    const app = rows.theirs === undefined ? null : rowValue(this.app, rows.theirs);
    const { marker, fill, acknowledgedAt } = obligation;
    const fields = kind === 'changed' ? this.changedFields(baseline as Json, app) : [];
    this.differences.push({
      kind,
      marker,
      what: '',
      fill,
      acknowledgedAt,
      baseline: shown(baseline as Json),
      app: shown(app),
      fields,
    });
  }

  private changedFields(baseline: Json, app: Json): Difference['fields'] {
    return compareValues(baseline, app, this.evidence.endpoint.shape.rules).differences.map((difference) => ({
      path: difference.path,
      kind: difference.kind,
      baseline: difference.baseline ?? null,
      app: difference.app ?? null,
    }));
  }
}

function rowsByIdentity(index: BodyIndex): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  index.identities.forEach((identity, row) => {
    if (Number.isNaN(identity)) return;
    const same = rows.get(identity);
    if (same) same.push(row);
    else rows.set(identity, [row]);
  });
  return rows;
}

function showsFields(row: Json, expected: Record<string, string | number>): boolean {
  if (!isObject(row)) return false;
  const compared = Object.fromEntries(Object.keys(expected).map((name) => [name, row[name] ?? null]));
  return compareValues(expected, compared).differences.length === 0;
}

/** A row for people: plain JSON, long texts cut. */
function shown(row: Json): unknown {
  if (row === null) return null;
  return JSON.parse(JSON.stringify(row), (_name, value: unknown) =>
    typeof value === 'string' && value.length > valueCharsMax ? `${value.slice(0, valueCharsMax)}…` : value,
  );
}
