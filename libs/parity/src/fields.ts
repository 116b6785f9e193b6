import { Decimal } from './decimal.js';
import { isAscending, isReordered, pairEqual, pairInOrder } from './element-pairs.js';
import { Interner } from './interner.js';
import { childOf } from './rule-tree.js';
import type { RuleNode } from './rule-tree.js';
import { isSameValue } from './same-value.js';
import { pointerSegment, pointerSegments } from './shape.js';
import type { Rule, SetRule } from './shape.js';
import type { Tally } from './tally.js';
import { isWithin } from './tolerance.js';
import { isObject, renderJson } from './values.js';
import type { Json } from './values.js';

/** How a field of the app differs from the baseline's. */
export type DifferenceKind =
  /** The app lacks it. */
  | 'missing'
  /** Only the app has it. */
  | 'extra'
  | 'value'
  /** Another JSON type, such as a number as text. */
  | 'type'
  /** An array with the same elements in another order, or a row in another place. */
  | 'order'
  /** Texts that are equal after Unicode normalisation (NFC). */
  | 'unicode'
  /** The app's text is the beginning of the baseline's. */
  | 'truncated'
  /** The baseline's text is the beginning of the app's. */
  | 'extended';

export interface FieldDifference {
  /** JSON pointer; inside an array the index is the baseline's, for `extra` the app's. */
  readonly path: string;
  readonly kind: DifferenceKind;
  /** JSON text of the value, cut at the limit with an ellipsis; null: there is none. */
  readonly baseline: string | null;
  readonly app: string | null;
}

export interface FieldLimits {
  /** Differences kept of one pair; more are only counted. */
  readonly fieldsMax: number;
  readonly valueCharsMax: number;
}

/** Compares one pair of values field by field. It is exact, and the last authority on whether two rows differ. */
export class FieldComparison {
  readonly differences: FieldDifference[] = [];
  /** Differences found, kept or not. */
  count = 0;
  /** The rules that hid something. */
  readonly hits = new Set<Rule>();
  private readonly interner = new Interner();

  constructor(
    private readonly limits: FieldLimits,
    private readonly tally: Tally | null = null,
  ) {}

  compare(baseline: Json | undefined, app: Json | undefined, node: RuleNode | null, path = ''): void {
    const rule = node?.rule ?? null;
    if (rule?.mode === 'ignore') {
      if (!this.isSame(baseline, app)) this.hits.add(rule);
    } else if (baseline === undefined || app === undefined) {
      if (baseline !== app) this.add(path, baseline === undefined ? 'extra' : 'missing', [baseline, app]);
    } else if (rule?.mode === 'tolerance' && !this.isSame(baseline, app) && isWithin(baseline, app, rule)) {
      this.hits.add(rule);
    } else if (Array.isArray(baseline) && Array.isArray(app)) {
      if (rule?.mode === 'set') this.sets(baseline, app, { node, rule, path });
      else this.arrays(baseline, app, node, path);
    } else if (isObject(baseline) && isObject(app)) this.objects(baseline, app, node, path);
    else if (!this.isSame(baseline, app)) this.add(path, kindOf(baseline, app), [baseline, app]);
  }

  /** The two rows stand at different places although their order counts. */
  addMove(baselineRow: number, appRow: number): void {
    this.add('', 'order', [baselineRow, appRow]);
  }

  private isSame(baseline: Json | undefined, app: Json | undefined): boolean {
    if (baseline === undefined || app === undefined) return baseline === app;
    return isSameValue(baseline, app);
  }

  private add(path: string, kind: DifferenceKind, values: readonly [Json | undefined, Json | undefined]): void {
    this.count++;
    this.tally?.add(path, kind);
    if (this.differences.length >= this.limits.fieldsMax) return;
    const [baseline, app] = values.map((value) => (value === undefined ? null : this.excerpt(value)));
    this.differences.push({ path, kind, baseline: baseline ?? null, app: app ?? null });
  }

  private excerpt(value: Json): string {
    return cutText(renderJson(value), this.limits.valueCharsMax);
  }

  private objects(
    baseline: { [name: string]: Json },
    app: { [name: string]: Json },
    node: RuleNode | null,
    path: string,
  ): void {
    const names = new Set([...Object.keys(baseline), ...Object.keys(app)]);
    for (const name of names) {
      const mine = Object.hasOwn(baseline, name) ? baseline[name] : undefined;
      const theirs = Object.hasOwn(app, name) ? app[name] : undefined;
      // Nothing to find and nothing to hide: most fields of most rows.
      if (mine === theirs && typeof mine !== 'object') continue;
      this.compare(mine, theirs, childOf(node, name), `${path}/${pointerSegment(name)}`);
    }
  }

  private arrays(baseline: Json[], app: Json[], node: RuleNode | null, path: string): void {
    const mine = this.numbers(baseline, node);
    const theirs = this.numbers(app, node);
    if (isReordered(mine, theirs)) return this.add(path, 'order', [baseline, app]);
    for (const [i, j] of pairInOrder(mine, theirs)) {
      // Equal elements without rules below them hold nothing that could be hidden.
      if (node !== null || i < 0 || j < 0 || mine[i] !== theirs[j])
        this.element(baseline[i], app[j], { node, path, index: i < 0 ? j : i });
    }
  }

  /** Equal elements pair up first, the rest by the rule's key, else in order. */
  private sets(baseline: Json[], app: Json[], { node, rule, path }: Place & { readonly rule: SetRule }): void {
    const equal = pairEqual(this.numbers(baseline, node), this.numbers(app, node));
    if (!isAscending(equal)) this.hits.add(rule);
    const left = equal.filter(([, j]) => j < 0).map(([i]) => i);
    const right = equal.filter(([i]) => i < 0).map(([, j]) => j);
    const keys = (values: Json[], places: number[]): number[] =>
      places.map((i, order) => this.keyNumber(values[i], rule, order));
    const rest = pairEqual(keys(baseline, left), keys(app, right)).map(
      ([i, j]) => [left[i] ?? -1, right[j] ?? -1] as const,
    );
    for (const [i, j] of [...equal.filter(([i, j]) => i >= 0 && j >= 0), ...rest]) {
      this.element(baseline[i], app[j], { node, path, index: i < 0 ? j : i });
    }
  }

  private element(
    baseline: Json | undefined,
    app: Json | undefined,
    { node, path, index }: Place & { readonly index: number },
  ): void {
    this.compare(baseline, app, childOf(node, String(index)), `${path}/${index}`);
  }

  private numbers(values: Json[], node: RuleNode | null): number[] {
    return values.map((value, i) => this.interner.number(value, childOf(node, String(i))));
  }

  /** What tells elements of a set apart that are not equal: the rule's key or, without one, their order. */
  private keyNumber(value: Json | undefined, rule: SetRule, order: number): number {
    const segments = rule.key === undefined ? null : (pointerSegments(rule.key) ?? []);
    if (segments === null) return order;
    let key: Json | undefined = value;
    for (const segment of segments)
      key = key !== undefined && isObject(key) && Object.hasOwn(key, segment) ? key[segment] : undefined;
    return key === undefined ? -1 : this.interner.number(key, null);
  }
}

interface Place {
  readonly node: RuleNode | null;
  readonly path: string;
}

function kindOf(baseline: Json, app: Json): DifferenceKind {
  if (typeOf(baseline) !== typeOf(app)) return 'type';
  if (typeof baseline !== 'string' || typeof app !== 'string') return 'value';
  if (baseline.normalize() === app.normalize()) return 'unicode';
  if (app !== '' && baseline.startsWith(app)) return 'truncated';
  if (baseline !== '' && app.startsWith(baseline)) return 'extended';
  return 'value';
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (value instanceof Decimal) return 'number';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Text of at most `charsMax` characters, the last one an ellipsis when something was cut; never half a surrogate pair. */
export function cutText(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const last = text.charCodeAt(charsMax - 2);
  const end = last >= 0xd800 && last <= 0xdbff ? charsMax - 2 : charsMax - 1;
  return `${text.slice(0, end)}…`;
}
