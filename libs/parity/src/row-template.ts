import type { RuleNode } from './rule-tree.js';

/** One field of the row that is the template: `,"text":` stands at `start` of the body, `length` bytes long. */
export interface TemplateField {
  readonly start: number;
  readonly length: number;
  readonly nameLo: number;
  readonly nameHi: number;
  readonly node: RuleNode | null;
}
/** Rows with more fields are read as they come. */
const FIELDS_MAX = 64;

/**
 * The rows of one body mostly have the same names in the same order. The bytes between the values of the last row that was read
 * as it came are kept by their place: a row that has the same bytes there needs no names read.
 */
export class RowTemplate {
  fields: readonly TemplateField[] = [];
  private recorded: TemplateField[] | null = null;

  record(): void {
    this.recorded = [];
  }

  add(field: TemplateField): void {
    this.recorded?.push(field);
  }

  /** Takes what was recorded as the template; `usable`: the row had every name once. */
  finish(usable: boolean): void {
    const recorded = this.recorded ?? [];
    this.fields = usable && recorded.length <= FIELDS_MAX ? recorded : [];
    this.recorded = null;
  }
}
