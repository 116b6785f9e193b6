import { Decimal } from './decimal.js';
import { childOf } from './rule-tree.js';
import type { RuleNode } from './rule-tree.js';
import { isObject } from './values.js';
import type { Json } from './values.js';

/** What stands for everything a rule hides. */
const HIDDEN = 0;

/**
 * Gives values the same number exactly when they are equal under their rules: hidden parts left out, sets without order. Each
 * distinct form is kept once and built from the numbers of its parts ("hash consing"), so the cost is linear and no two forms collide.
 */
export class Interner {
  private readonly numbers = new Map<string, number>();
  private readonly known = new Map<RuleNode | null, Map<object, number>>();

  number(value: Json, node: RuleNode | null): number {
    if (node?.hidden) return HIDDEN;
    if (typeof value !== 'object' || value === null) return this.numberOf(scalarForm(value));
    if (value instanceof Decimal) return this.numberOf(`d${value.text}`);
    let known = this.known.get(node);
    if (!known) this.known.set(node, (known = new Map()));
    const before = known.get(value);
    if (before !== undefined) return before;
    const number = this.numberOf(isObject(value) ? this.objectForm(value, node) : this.arrayForm(value, node));
    known.set(value, number);
    return number;
  }

  private objectForm(value: { [name: string]: Json }, node: RuleNode | null): string {
    const fields: string[] = [];
    for (const name of Object.keys(value).sort()) {
      const child = childOf(node, name);
      if (!child?.hidden) fields.push(`${JSON.stringify(name)}:${this.number(value[name] ?? null, child)}`);
    }
    return `{${fields.join(',')}`;
  }

  private arrayForm(value: Json[], node: RuleNode | null): string {
    const elements = value
      .map((element, i) => this.number(element, childOf(node, String(i))))
      .filter((number) => number !== HIDDEN);
    return node?.rule?.mode === 'set' ? `*${elements.sort((a, b) => a - b).join(',')}` : `[${elements.join(',')}`;
  }

  private numberOf(form: string): number {
    let number = this.numbers.get(form);
    if (number === undefined) this.numbers.set(form, (number = this.numbers.size + 1));
    return number;
  }
}

function scalarForm(value: null | boolean | number | string): string {
  // `${-0}` is "0", as it must be.
  return typeof value === 'string' ? `"${value}` : `${typeof value} ${value}`;
}
