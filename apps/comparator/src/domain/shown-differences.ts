import type { Difference, FieldOfDifference } from './look.js';
import { expectedFields, type Obligation } from './obligation.js';
import type { ReadBody } from './readable-body.js';
import { storable, storableText } from './storable.js';
import { outsideValue } from '#libs/parity/src/body-index.js';
import type { CompareLimits } from '#libs/parity/src/compare-limits.js';
import { compareValues } from '#libs/parity/src/compare-values.js';
import type { FieldDifference } from '#libs/parity/src/fields.js';
import type { ChangedRow } from '#libs/parity/src/report.js';
import { valueAt } from '#libs/parity/src/row-name.js';
import { isObject, type Json } from '#libs/parity/src/values.js';

/** Differences of one endpoint that are kept with their rows: four endpoints of them fit into one answer of the bus. */
export const differencesMax = 50;
const bytesMax = 40_000;
const fieldsMax = 5;
const fieldBytesMax = 500;
const pathCharsMax = 200;
const utf8 = new TextEncoder();

/** The first differences of an endpoint, as people see them: rows of both sides, cut and storable. */
export class ShownDifferences {
  readonly list: Difference[] = [];
  /** For the comparison whose changes are shown here. */
  readonly limits: Partial<CompareLimits> = { differencesMax, fieldsMax, valueCharsMax: pathCharsMax };
  private readonly fields = new Map<number, readonly FieldDifference[]>();
  private aroundRows: readonly Json[] | undefined;
  private bytesLeft = bytesMax;

  constructor(
    private readonly baseline: ReadBody,
    private readonly app: ReadBody,
  ) {}

  /** Which fields of which rows differ, as the comparison found it. */
  changesOf(changed: readonly ChangedRow[]): void {
    for (const { baselineRow, fields } of changed) this.fields.set(baselineRow, fields);
  }

  row(
    kind: Difference['kind'],
    { marker, payload, fill, acknowledgedAt }: Obligation,
    rows: {
      readonly mine: number | undefined;
      readonly theirs: readonly number[];
      /** A field that no comparison of the two rows finds: its kind. */
      readonly field?: Pick<FieldOfDifference, 'path' | 'kind'> | undefined;
    },
  ): void {
    if (this.isFull) return;
    const baseline = rows.mine === undefined ? expectedFields(payload) : this.baseline.rowAt(rows.mine);
    const [first, second] = rows.theirs.slice(0, 2).map((row) => this.app.rowAt(row));
    const app = second === undefined ? storable(first ?? null) : [first, second].map((row) => storable(row ?? null));
    const own = rows.field ? [rows.field] : this.differing(rows.mine, baseline, first ?? null);
    const fields = kind === 'changed' ? shownFields(own, baseline, first ?? null) : [];
    this.keep({ kind, marker, what: '', fill, acknowledgedAt, baseline: storable(baseline), app, fields });
  }

  /** Something around the rows. */
  around(field: FieldDifference): Difference {
    const what = storableText(field.path, pathCharsMax);
    const [baseline, app] = this.outside().map((side) => storable(valueAt(side, field.path) ?? null, fieldBytesMax));
    const fields = [{ path: what, kind: field.kind, baseline, app }];
    const difference = {
      kind: 'changed',
      marker: null,
      what,
      fill: null,
      acknowledgedAt: null,
      baseline,
      app,
      fields,
    } as const;
    if (!this.isFull) this.keep(difference);
    return difference;
  }

  /** Parsed once, for all that is shown of it. */
  private outside(): readonly Json[] {
    return (this.aroundRows ??= [this.baseline, this.app].map(outsideValue));
  }

  private get isFull(): boolean {
    return this.list.length >= differencesMax || this.bytesLeft <= 0;
  }

  /** The first that does not fit ends the list: what is shown are the first ones. */
  private keep(difference: Difference): void {
    this.bytesLeft -= utf8.encode(JSON.stringify(difference)).length;
    if (this.bytesLeft >= 0) this.list.push(difference);
  }

  /** Where the baseline has no row, the fields that were sent stand for it. */
  private differing(mine: number | undefined, baseline: Json, app: Json): readonly FieldDifference[] {
    return mine === undefined
      ? compareValues(baseline, sameFields(baseline, app)).differences
      : (this.fields.get(mine) ?? []);
  }
}

const shownFields = (fields: readonly Pick<FieldOfDifference, 'path' | 'kind'>[], baseline: Json, app: Json) =>
  fields.slice(0, fieldsMax).map(({ path, kind }): FieldOfDifference => ({
    path: storableText(path, pathCharsMax),
    kind,
    baseline: kind === 'extra' ? null : storable(valueAt(baseline, path) ?? null, fieldBytesMax),
    app: kind === 'missing' ? null : storable(valueAt(app, path) ?? null, fieldBytesMax),
  }));

/** What a row shows of the fields of another. */
const sameFields = (wanted: Json, row: Json): Json =>
  Object.fromEntries(
    Object.keys(wanted as object).map((name) => [name, (isObject(row) ? row[name] : undefined) ?? null]),
  );
