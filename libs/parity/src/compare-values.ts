import { defaultCompareLimits } from './compare-limits.js';
import { FieldComparison } from './fields.js';
import type { FieldDifference } from './fields.js';
import { KeyedHash } from './keyed-hash.js';
import type { RuleHits } from './report.js';
import { ruleTree } from './rule-tree.js';
import type { Rule } from './shape.js';
import type { Json } from './values.js';

export interface ValueComparison {
  readonly differences: readonly FieldDifference[];
  /** Differences beyond those listed. */
  readonly more: number;
  readonly ruleHits: readonly RuleHits[];
}

/**
 * Compares two values that are parsed already, by the same rules and with the same result as two bodies that are one row; nested no
 * deeper than a body may be. Numbers are as exact as the parser left them.
 */
export function compareValues(baseline: Json, app: Json, rules: readonly Rule[] = []): ValueComparison {
  const { differencesMax, valueCharsMax } = defaultCompareLimits;
  const comparison = new FieldComparison({ fieldsMax: differencesMax, valueCharsMax });
  comparison.compare(baseline, app, ruleTree(rules, new KeyedHash([0, 0])).root);
  return {
    differences: comparison.differences,
    more: comparison.count - comparison.differences.length,
    ruleHits: rules.map((rule) => ({ name: rule.name, hits: comparison.hits.has(rule) ? 1 : 0 })),
  };
}
