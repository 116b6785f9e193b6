import { isFull, type Endpoint } from './endpoints.js';
import { keysGivenAgain, type KeysGivenAgain } from './keys-given-again.js';
import { foundMax, foundOf, type Difference, type FieldOfDifference, type Found } from './look.js';
import { movedTimes, type MovedTime } from './moved-times.js';
import { expectedFields, identityOf, type Ledger, type Obligation } from './obligation.js';
import { placedRows } from './placed-rows.js';
import { planFor, readBody, type ReadBody } from './readable-body.js';
import { roundedRows } from './rounded-values.js';
import { idOf, rowsByIdentity, showsFields } from './shown-rows.js';
import { ShownDifferences } from './shown-differences.js';
import { storableText } from './storable.js';
import { mustBeShown, ownRow, type PlacedRow } from './window.js';
import { compareIndexes, type Comparison } from '#libs/parity/src/compare.js';

/** What both sides answered, read by the same plan, and what the app was sent. */
export interface IndexedEvidence extends Ledger {
  readonly endpoint: Endpoint;
  readonly baseline: ReadBody;
  readonly app: ReadBody;
  /** Our clock when both were read, and the app's; null when it did not tell. */
  readonly now: string;
  readonly clock: string | null;
}

export interface RowsEvidence extends Omit<IndexedEvidence, 'baseline' | 'app'> {
  readonly baseline: Uint8Array;
  readonly app: Uint8Array;
  /** Two random 32-bit numbers, new for each look. */
  readonly seed: readonly [number, number];
}

export interface RowsFindings {
  /** Sentences why a body cannot be judged; null when it can. */
  readonly baselineRefusal: string | null;
  readonly appRefusal: string | null;
  readonly matched: number;
  /** Of these: rows that differ in what a rule hides. */
  readonly explained: number;
  readonly missing: number;
  /** Of the inherited ones, those that were judged, and those of them that are not there. */
  readonly inherited: number;
  readonly absent: number;
  readonly changed: number;
  readonly doubled: number;
  /** Places around the rows that differ, by no named rule. */
  readonly around: number;
  /** Neither side shows them as they were sent: nobody can be judged by them. */
  readonly undecided: number;
  readonly outside: number;
  readonly behindWindow: number;
  /** Rows that the app shows or must show. */
  readonly asked: number;
  /** Of those the ones that were looked for, by marker. */
  readonly behind: readonly string[];
  /** Rows that the baseline itself shows other than they were sent, of those that were looked at. */
  readonly baselineWrong: number;
  readonly rules: readonly { readonly name: string; readonly reason: string; readonly hits: number }[];
  readonly found: readonly Found[];
  readonly differences: readonly Difference[];
  /** Ids of newer rows that rows which are missing had before. */
  readonly keysAgain: KeysGivenAgain | undefined;
  /** Rows that both sides show, how often which field of them differs, and where the bodies differ around them; storable. */
  readonly shared: {
    readonly rows: number;
    readonly fields: readonly { readonly path: string; readonly count: number }[];
    readonly around: readonly string[];
  };
}

/** Which rows of the obligation an app shows, shows differently, twice, or not at all. */
export function judgeRows({ baseline, app, seed, ...evidence }: RowsEvidence): RowsFindings {
  const plan = planFor(evidence.endpoint, seed);
  return judgeIndexes({ ...evidence, baseline: readBody(plan, baseline), app: readBody(plan, app) });
}

/** The same of bodies that have been read. */
export const judgeIndexes = (evidence: IndexedEvidence): RowsFindings =>
  evidence.baseline.refusal || evidence.app.refusal ? refused(evidence) : new RowsJudge(evidence).findings();

const refused = ({ baseline, app }: IndexedEvidence): RowsFindings => ({
  ...{ matched: 0, explained: 0, missing: 0, inherited: 0, absent: 0, changed: 0, doubled: 0, around: 0, undecided: 0 },
  ...{ outside: 0, behindWindow: 0, behind: [], asked: 0, baselineWrong: 0, rules: [], found: [], differences: [] },
  ...{ shared: { rows: 0, fields: [], around: [] }, keysAgain: undefined },
  baselineRefusal: baseline.refusal?.sentence ?? null,
  appRefusal: app.refusal?.sentence ?? null,
});

/** The rows of one obligation on both sides; of several the one that is as it was sent stands first. */
interface Pair {
  readonly obligation: Obligation;
  /** How many of the pairs that are judged stand before it. */
  readonly place: number;
  /** Whether the app must show it, or shows it; else it may be behind the window, and what carries its marker somebody's who quotes it. */
  readonly must: boolean;
  readonly mine: readonly number[];
  readonly theirs: readonly number[];
}

type ChangedField = Pick<FieldOfDifference, 'path' | 'kind'>;

/** Rows of one write that are looked at on one side. */
const copiesMax = 4;

class RowsJudge {
  private readonly inBaseline: Map<number, number[]>;
  private readonly inApp: Map<number, number[]>;
  private readonly shown: ShownDifferences;
  private readonly found: Found[] = [];
  /** Writes that the app may have behind its window, and whose marker somebody else's row carries. */
  private readonly quoted = new Set<Obligation>();
  private readonly placed: readonly PlacedRow[];
  /** Values that come back as another number, with their rows. */
  private readonly rounded: ReadonlyMap<Obligation, number>;
  private moved: ReadonlyMap<Obligation, MovedTime> = new Map();
  private readonly counts = {
    matched: 0,
    missing: 0,
    absent: 0,
    changed: 0,
    doubled: 0,
    around: 0,
    undecided: 0,
    baselineWrong: 0,
  };

  constructor(private readonly evidence: IndexedEvidence) {
    this.inBaseline = rowsByIdentity(evidence.baseline);
    this.inApp = rowsByIdentity(evidence.app);
    this.shown = new ShownDifferences(evidence.baseline, evidence.app);
    this.placed = placedRows(evidence);
    this.rounded = evidence.endpoint.kind === 'value' ? roundedRows(evidence, this.inApp) : new Map();
  }

  findings(): RowsFindings {
    const { obligations, acknowledged, app } = this.evidence;
    const own = this.ownPairs();
    const inherited = this.inheritedPairs(own.length);
    const judged = [...own, ...inherited];
    const comparison = this.compareShared(judged);
    const changed = new Set(comparison.changedRows);
    this.shown.changesOf(comparison.report.changed);
    this.moved = this.movedOf(own);
    for (const pair of own) this.judge(pair, changed, 'missing');
    for (const pair of inherited) this.judge(pair, changed, 'absent');
    this.judgeAround(comparison);
    const owed = new Set([...obligations, ...inherited.map(({ obligation }) => obligation)].map(identityOf));
    const isLooked = ({ obligation }: Pair) => !this.quoted.has(obligation);
    const looked = new Set(own.filter(isLooked).map(({ obligation }) => obligation));
    return {
      ...this.counts,
      explained: comparison.report.counts.explained,
      baselineRefusal: null,
      appRefusal: null,
      outside: app.identities.reduce((sum, identity) => sum + (owed.has(identity) ? 0 : 1), 0 - this.rounded.size),
      inherited: inherited.filter(isLooked).length,
      behindWindow: Math.max(0, acknowledged - looked.size),
      behind: obligations.flatMap((one) => (looked.has(one) ? [] : [one.marker])),
      asked: judged.filter(isLooked).length,
      rules: this.rulesHit(comparison),
      found: this.found,
      differences: this.shown.list,
      keysAgain: this.keysAgainOf(own),
      shared: {
        rows: comparison.report.counts.rowsBaseline,
        fields: comparison.report.tally.filter(({ path }) => storableText(path) === path),
        around: comparison.report.outside.map(({ path }) => path).filter((path) => storableText(path) === path),
      },
    };
  }

  private rulesHit({ report }: Comparison): RowsFindings['rules'] {
    const { rules, outside } = this.evidence.endpoint.shape;
    const hits = new Map(report.ruleHits.map((rule) => [rule.name, rule.hits]));
    return [...rules, ...outside].map(({ name, reason }) => ({ name, reason, hits: hits.get(name) ?? 0 }));
  }

  /** Obligations that the app shows, or must show: a list that is not full shows everything. */
  private ownPairs(): Pair[] {
    const { endpoint, app, obligations } = this.evidence;
    const { placed } = this;
    const isAll = !isFull(endpoint, app.rowCount);
    const must = isAll ? () => true : mustBeShown(placed, this.clocks());
    const isOwn = ownRow(placed, this.clocks());
    return obligations
      .map((obligation) => ({ ...this.rowsOf(obligation), must: must(obligation) }))
      .filter((pair) => pair.theirs.length > 0 || pair.must)
      .map((pair, place) => ({ ...pair, place, must: pair.must || pair.theirs.some((row) => isOwn(pair.obligation, placed[row]!)) })); // prettier-ignore
  }

  /**
   * Of what is inherited what the baseline shows as it was sent: whoever wrote anything else there. What a full list of the app does
   * not show may be behind its window: an app need not have copied the times.
   */
  private inheritedPairs(before: number): Pair[] {
    const { endpoint, app, inherited = [] } = this.evidence;
    const all = !isFull(endpoint, app.rowCount);
    const isShown = ({ obligation, mine: [row] }: Omit<Pair, 'place' | 'must'>) =>
      row !== undefined && this.isAsSent(this.evidence.baseline, row, obligation) === 1;
    return inherited
      .map((obligation) => this.rowsOf(obligation))
      .filter((pair) => isShown(pair) && (all || pair.theirs.length > 0))
      .map((rows, n) => ({ ...rows, must: all, place: before + n }));
  }

  private clocks() {
    return { now: this.evidence.now, app: this.evidence.clock };
  }

  private rowsOf(obligation: Obligation): Omit<Pair, 'place' | 'must'> {
    const { baseline, app } = this.evidence;
    const identity = identityOf(obligation);
    const asSentFirst = (body: ReadBody, rows: readonly number[] = []) => {
      if (rows.length < 2) return rows;
      const looked = rows.slice(0, copiesMax).map((row) => ({ row, asSent: this.isAsSent(body, row, obligation) }));
      return looked.toSorted((a, b) => b.asSent - a.asSent).map(({ row }) => row);
    };
    const rounded = this.rounded.get(obligation);
    return {
      obligation,
      mine: asSentFirst(baseline, this.inBaseline.get(identity)),
      theirs: rounded === undefined ? asSentFirst(app, this.inApp.get(identity)) : [rounded],
    };
  }

  /** What was delivered twice is there twice alike; a marker that somebody copied into a text of his own is his row. */
  private isDoubled({ obligation, must, theirs: [first, second] }: Pair): boolean {
    if (first === undefined || second === undefined) return false;
    const [one, other] = [first, second].map((row) => this.isAsSent(this.evidence.app, row, obligation));
    return one === other && (must || one === 1);
  }

  private isAsSent(body: ReadBody, row: number, { payload }: Obligation): 0 | 1 {
    return showsFields(body.rowAt(row), expectedFields(payload)) ? 1 : 0;
  }

  /** Rows of the obligation that both sides show, compared field by field under the named rules; and what is around the rows. */
  private compareShared(judged: readonly Pair[]): Comparison {
    const { baseline, app } = this.evidence;
    const masks = { baseline: new Uint8Array(baseline.rowCount), app: new Uint8Array(app.rowCount) };
    for (const { obligation, mine, theirs } of judged) {
      if (mine[0] === undefined || theirs[0] === undefined || this.rounded.has(obligation)) continue;
      masks.baseline[mine[0]] = 1;
      masks.app[theirs[0]] = 1;
    }
    return compareIndexes(baseline, app, { takesPart: masks, limits: this.shown.limits });
  }

  private judge(pair: Pair, changed: ReadonlySet<number>, whenNotThere: 'missing' | 'absent'): void {
    const { mine, theirs } = pair;
    if (theirs.length === 0) return this.add(whenNotThere, pair);
    if (this.isDoubled(pair)) this.add('doubled', pair);
    const outcome = this.outcomeOf(pair, changed);
    const field = outcome === 'matched' ? this.fieldOf(pair) : undefined;
    if (outcome === 'changed' && !pair.must) this.quoted.add(pair.obligation);
    else if (outcome === 'changed' || field)
      this.add('changed', { ...pair, mine: mine.slice(0, 1), theirs: theirs.slice(0, 1) }, field);
    else this.counts[outcome] += 1;
  }

  /**
   * As the baseline shows it; or, where the baseline shows nothing or something else than was sent, as it was sent. Where neither
   * side shows what was sent, nobody can say who is wrong: anybody may have written into the baseline.
   */
  private outcomeOf(
    { obligation, mine: [mine], theirs: [row] }: Pair,
    changed: ReadonlySet<number>,
  ): 'matched' | 'changed' | 'undecided' {
    if (mine !== undefined && !changed.has(mine)) return 'matched';
    const asSent = this.isAsSent(this.evidence.app, row!, obligation) === 1;
    if (mine === undefined) return asSent ? 'matched' : 'changed';
    const baselineWrong = this.isAsSent(this.evidence.baseline, mine, obligation) === 0;
    if (baselineWrong) this.counts.baselineWrong += 1;
    if (!baselineWrong) return 'changed';
    return asSent ? 'matched' : 'undecided';
  }

  /** What is wrong with a row though its two sides agree in all that is compared: a time that has moved, a number that was rounded. */
  private fieldOf({ obligation }: Pair): ChangedField | undefined {
    if (this.rounded.has(obligation)) return { path: '/number', kind: 'value' };
    const moved = this.moved.get(obligation);
    return moved && { path: '/created_at', kind: moved };
  }

  /** Only rows of the app's own writes: who began from a copy need not have copied the times. */
  private movedOf(own: readonly Pair[]): Map<Obligation, MovedTime> {
    const pairs = own.filter(({ must, theirs: [row] }) => must && row !== undefined);
    const moved = movedTimes(pairs.map(({ theirs: [row] }) => this.placed[row!]!));
    return new Map(pairs.flatMap(({ obligation }, n) => (moved[n] ? [[obligation, moved[n]]] : [])));
  }

  private keysAgainOf(own: readonly Pair[]): KeysGivenAgain | undefined {
    if (this.counts.missing === 0 || this.evidence.endpoint.kind === 'value') return undefined;
    const { app } = this.evidence;
    return keysGivenAgain(own.map(({ theirs: [row] }) => (row === undefined ? null : idOf(app.rowAt(row)))));
  }

  /** What no rule names and both sides do not share: an error beside the rows, a page mark. */
  private judgeAround({ report }: Comparison): void {
    this.counts.around = report.outside.length + report.outsideMore;
    for (const field of report.outside) this.note(this.shown.around(field));
  }

  private add(
    kind: 'missing' | 'absent' | 'changed' | 'doubled',
    { obligation, mine, theirs, place }: Pair,
    field?: ChangedField,
  ): void {
    this.counts[kind] += 1;
    if (this.found.length < foundMax) this.found.push([kind, obligation.marker, obligation.fill, place]);
    this.shown.row(kind, obligation, { mine: mine[0], theirs, field });
  }

  private note(difference: Difference): void {
    if (this.found.length < foundMax) this.found.push(foundOf(difference));
  }
}
