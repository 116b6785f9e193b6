import type { DifferenceKind, FieldDifference } from './fields.js';
import type { Refusal } from './refusal.js';

/** Everything that a comparison found: plain data of bounded size. It judges nothing. */
export interface ParityReport {
  /** Both bodies could be read. If not, `refusals` says why, and all counts but those of rows are 0. */
  readonly compared: boolean;
  readonly refusals: { readonly baseline: Refusal | null; readonly app: Refusal | null };
  readonly counts: ParityCounts;
  /** Rows that are on both sides and differ, in the order of the baseline; as many as the limit allows. */
  readonly changed: readonly ChangedRow[];
  readonly onlyBaseline: readonly LoneRow[];
  readonly onlyApp: readonly LoneRow[];
  /** Identities or keys that stand on more than one row of a side. */
  readonly duplicates: readonly Duplicate[];
  /** Differences outside the rows, and how many more there are than listed. */
  readonly outside: readonly FieldDifference[];
  readonly outsideMore: number;
  /** All field differences of changed rows by path (indexes as `*`) and kind. */
  readonly tally: readonly TallyLine[];
  /** For each rule: in how many pairs of rows (the outside counts as one) it hid at least one difference. */
  readonly ruleHits: readonly RuleHits[];
  readonly warnings: readonly SideWarning[];
}

export interface ParityCounts {
  /** Rows that take part. rowsBaseline = matched + changed + onlyBaseline, rowsApp = matched + changed + onlyApp. */
  readonly rowsBaseline: number;
  readonly rowsApp: number;
  /** Rows on both sides without a difference that counts. */
  readonly matched: number;
  /** Of those matched: rows that differ in what a rule hides. */
  readonly explained: number;
  readonly changed: number;
  readonly onlyBaseline: number;
  readonly onlyApp: number;
  /** Rows beyond the first with the same identity or key; they also count above. */
  readonly duplicatedBaseline: number;
  readonly duplicatedApp: number;
  /** Rows that the caller left out. */
  readonly leftOutBaseline: number;
  readonly leftOutApp: number;
  /** Changed rows beyond the limit of examination: counted above, absent from `tally`. */
  readonly unexamined: number;
}

export interface RowName {
  /** The marker, or the identity number as text; null: the row has none. */
  readonly identity: string | null;
  /** The values of the key fields as a JSON array; null: the row lacks one, or no key is declared. */
  readonly key: string | null;
}

export interface ChangedRow extends RowName {
  /** Row numbers in the bodies. */
  readonly baselineRow: number;
  readonly appRow: number;
  readonly fields: readonly FieldDifference[];
  /** Field differences beyond the limit. */
  readonly fieldsMore: number;
}

export interface LoneRow extends RowName {
  readonly row: number;
  /** Its JSON text, cut at the limit with an ellipsis. */
  readonly json: string;
  /** Another row of the same side has the same identity or key. */
  readonly isDuplicate: boolean;
}

export interface Duplicate extends RowName {
  /** Rows with it on each side. */
  readonly baseline: number;
  readonly app: number;
}

export interface TallyLine {
  readonly path: string;
  readonly kind: DifferenceKind;
  readonly count: number;
}

export interface RuleHits {
  readonly name: string;
  readonly hits: number;
}

export interface SideWarning {
  readonly side: 'baseline' | 'app' | 'both';
  readonly code: 'bom' | 'repeated-names' | 'hash-collision';
  readonly count: number;
  readonly sentence: string;
}
