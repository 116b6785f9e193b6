import { TAG_STRING } from './keyed-hash.js';
import type { KeyedHash } from './keyed-hash.js';
import { pointerSegments } from './shape.js';
import type { Rule, Shape } from './shape.js';

/** One place in a value at or below which a rule, the identity or a key field applies. Elsewhere the engine walks with null. */
export interface RuleNode {
  readonly rule: Rule | null;
  /** The value is no part of the exact comparison: ignored, or left to the tolerance. */
  readonly hidden: boolean;
  /** Where differences that `rule` hides are noted per row; -1: it hides none. */
  readonly lane: number;
  readonly isIdentity: boolean;
  /** The value is the rows, or holds them somewhere below. */
  readonly rows: 'here' | 'below' | null;
  /** Position among the key fields of the shape, -1: none. */
  readonly keyIndex: number;
  readonly children: ReadonlyMap<string, RuleNode>;
  /** The hashes of the names of `children`, in their order: a scanner finds a child without making a string. */
  readonly childLo: Int32Array;
  readonly childHi: Int32Array;
  readonly childNodes: readonly RuleNode[];
  /** For every name and index that is not among `children`. */
  readonly others: RuleNode | null;
}

/** A pattern that still has `segments` to go. */
interface Pattern {
  readonly segments: readonly string[];
  readonly rule?: Rule;
  readonly isIdentity?: boolean;
  readonly isRows?: boolean;
  readonly keyIndex?: number;
}

/** Patterns with many `*` multiply; the rules of a real endpoint need a few dozen nodes. */
const NODES_MAX = 4096;

export interface RuleTree {
  readonly root: RuleNode | null;
  /** The rules that can hide a difference, by lane. */
  readonly lanes: readonly Rule[];
}

/** The tree for what lies inside the rows. Throws a RangeError for patterns that multiply beyond 4,096 nodes. */
export function rowTree(shape: Shape, hash: KeyedHash): RuleTree {
  const patterns: Pattern[] = shape.rules.map((rule) => ({ rule, segments: segmentsOf(rule.path) }));
  if (shape.identity) patterns.push({ isIdentity: true, segments: segmentsOf(shape.identity.path) });
  shape.key.forEach((path, keyIndex) => patterns.push({ keyIndex, segments: segmentsOf(path) }));
  return new TreeBuilder(shape.rules, hash).tree(patterns);
}

/** The tree that leads to the array of rows. */
export function rowsPathTree(pointer: string, hash: KeyedHash): RuleTree {
  return new TreeBuilder([], hash).tree([{ isRows: true, segments: segmentsOf(pointer) }]);
}

/** The tree of plain rules: for what lies outside the rows, and for values compared by themselves. */
export function ruleTree(rules: readonly Rule[], hash: KeyedHash): RuleTree {
  return new TreeBuilder(rules, hash).tree(rules.map((rule) => ({ rule, segments: segmentsOf(rule.path) })));
}

/** The node of a field or, for an array, of the element at an index. */
export function childOf(node: RuleNode | null, name: string): RuleNode | null {
  return node === null ? null : (node.children.get(name) ?? node.others);
}

function segmentsOf(pointer: string): string[] {
  const segments = pointerSegments(pointer);
  if (segments === null) throw new TypeError(`${JSON.stringify(pointer)} is not a JSON pointer`);
  return segments;
}

class TreeBuilder {
  private nodes = 0;
  private readonly lanes: readonly Rule[];

  constructor(
    rules: readonly Rule[],
    private readonly hash: KeyedHash,
  ) {
    this.lanes = rules.filter((rule) => rule.mode !== 'exact' && rule.mode !== 'ordered');
  }

  tree(patterns: readonly Pattern[]): RuleTree {
    return { root: this.node(patterns), lanes: this.lanes };
  }

  /** Every child gets the patterns of its own name and of `*`, so that a walk follows one node only. */
  private node(patterns: readonly Pattern[]): RuleNode | null {
    if (patterns.length === 0) return null;
    if (++this.nodes > NODES_MAX)
      throw new RangeError('the rules are too many and too general: use fewer "*" in their paths');
    const here = patterns.filter((pattern) => pattern.segments.length === 0);
    const rule = here.find((pattern) => pattern.rule)?.rule ?? null;
    const hidden = rule?.mode === 'ignore' || rule?.mode === 'tolerance';
    // Below a hidden value no other rule has a say, but an identity or a key may lie there.
    const deeper = patterns.filter((pattern) => pattern.segments.length > 0 && !(hidden && pattern.rule));
    const names = new Set(deeper.map((pattern) => pattern.segments[0] ?? '').filter((name) => name !== '*'));
    const children = new Map([...names].map((name) => [name, this.step(deeper, name)]));
    return {
      ...this.hashed(children),
      children,
      rule,
      hidden,
      lane: rule ? this.lanes.indexOf(rule) : -1,
      isIdentity: here.some((pattern) => pattern.isIdentity),
      rows: here.some((pattern) => pattern.isRows) ? 'here' : deeper.some((pattern) => pattern.isRows) ? 'below' : null,
      keyIndex: here.find((pattern) => pattern.keyIndex !== undefined)?.keyIndex ?? -1,
      others: this.node(after(deeper, (segment) => segment === '*')),
    };
  }

  private hashed(children: ReadonlyMap<string, RuleNode>) {
    const childLo = new Int32Array(children.size);
    const childHi = new Int32Array(children.size);
    [...children.keys()].forEach((name, i) => {
      this.hash.text(name, TAG_STRING);
      childLo[i] = this.hash.lo;
      childHi[i] = this.hash.hi;
    });
    return { childLo, childHi, childNodes: [...children.values()] };
  }

  private step(patterns: readonly Pattern[], name: string): RuleNode {
    const node = this.node(after(patterns, (segment) => segment === name || segment === '*'));
    if (node === null) throw new TypeError(`no pattern leads to ${name}`);
    return node;
  }
}

function after(patterns: readonly Pattern[], take: (segment: string) => boolean): Pattern[] {
  return patterns
    .filter((pattern) => take(pattern.segments[0] ?? ''))
    .map((pattern) => ({ ...pattern, segments: pattern.segments.slice(1) }));
}
