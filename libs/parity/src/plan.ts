import { KeyedHash } from './keyed-hash.js';
import { rowsPathTree, rowTree, ruleTree } from './rule-tree.js';
import type { RuleNode, RuleTree } from './rule-tree.js';
import { defaultLimits, DEPTH_CEILING, pointerSegments, shapeFaults } from './shape.js';
import type { Limits, Shape } from './shape.js';

/** A shape made ready for reading bodies. Bodies can be compared with each other only when the same plan has indexed them. */
export interface Plan {
  readonly shape: Shape;
  readonly limits: Limits;
  readonly seed: readonly [number, number];
  /** Leads to the array of rows; null: the whole body is one row. */
  readonly rowsPath: RuleNode | null;
  /** How deep in the body a row stands; the body itself is 1. */
  readonly rowDepth: number;
  readonly rows: RuleTree;
  readonly outside: RuleTree;
}

export interface PlanOptions {
  /** Two random 32-bit numbers; a new pair per round, so that nobody can prepare rows that collide. */
  readonly seed: readonly [number, number];
  /** Limits that differ from `defaultLimits`. */
  readonly limits?: Partial<Limits>;
}

/** Makes a shape ready. Throws a TypeError that names every fault of the shape. */
export function makePlan(shape: Shape, { seed, limits }: PlanOptions): Plan {
  const faults = shapeFaults(shape);
  if (faults.length > 0) throw new TypeError(faults.join(' '));
  const all = { ...defaultLimits, ...limits };
  if (all.depthMax > DEPTH_CEILING) throw new TypeError(`depthMax is at most ${DEPTH_CEILING}, got ${all.depthMax}.`);
  const hash = new KeyedHash(seed);
  return {
    shape,
    seed,
    limits: all,
    rowsPath: shape.rows === null ? null : rowsPathTree(shape.rows, hash).root,
    rowDepth: shape.rows === null ? 1 : 2 + (pointerSegments(shape.rows)?.length ?? 0),
    rows: rowTree(shape, hash),
    outside: ruleTree(shape.outside, hash),
  };
}
