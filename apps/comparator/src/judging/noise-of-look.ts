import { isMeasuredName, measureNoise, ruleOfNoise, type MeasuredNoise } from '../domain/noise.js';
import { planFor, readBody } from '../domain/readable-body.js';
import { rulesOfShapeMax, withRules, type RuleText } from '../domain/rules.js';
import type { Endpoint } from '../domain/endpoints.js';
import type { FetchedBody, JudgeJob, JudgePart } from './judge-job.js';
import type { Rule } from '#libs/parity/src/shape.js';

export interface MeasuredPart {
  /** The same, its endpoint with rules for what was measured just now. */
  readonly part: JudgePart;
  readonly noise: readonly MeasuredNoise[];
  readonly diverged: string | null;
}

/** Compares the baseline with its shadow, before anybody is compared with it. Without a shadow nothing is measured. */
export function measuredPart(part: JudgePart, { seed, now }: Pick<JudgeJob, 'seed' | 'now'>): MeasuredPart {
  const { endpoint, baseline, shadow } = part;
  if (!shadow?.fetched.ok || !baseline.ok || endpoint.kind === 'stats')
    return { part: { ...part, endpoint: usable(endpoint) }, noise: [], diverged: null };
  const typed = typedOnly(endpoint);
  const plan = planFor(typed, seed);
  const { noise, diverged } = measureNoise({
    endpoint: typed,
    baseline: readBody(plan, baseline.body),
    shadow: readBody(plan, shadow.fetched.body),
    common: shadow.common,
    now,
    clocks: { baseline: clockOf(baseline), shadow: clockOf(shadow.fetched) },
  });
  return { part: { ...part, endpoint: usable(withNoise(endpoint, noise)) }, noise, diverged };
}

const clockOf = (fetched: FetchedBody): string | null => (fetched.ok ? fetched.clock : null);

/** What was measured before is measured again: it goes on being counted. */
function typedOnly(endpoint: Endpoint): Endpoint {
  const { rules, outside } = endpoint.shape;
  const typed = (some: typeof rules) => some.filter(({ name }) => !isMeasuredName(name));
  return { ...endpoint, shape: { ...endpoint.shape, rules: typed(rules), outside: typed(outside) } };
}

/** Rules of a shape are few, and so are the nodes of their tree: what does not fit is left out. */
function withNoise(endpoint: Endpoint, noise: readonly MeasuredNoise[]): Endpoint {
  const text = (rule: Rule): RuleText => ({
    epsilon: null,
    withinMs: null,
    key: null,
    ...rule,
    endpoint: endpoint.path,
  });
  const { rules, outside } = endpoint.shape;
  const known = new Set([...rules, ...outside].map(({ name }) => name));
  const fresh = noise.map(({ path }) => ruleOfNoise(path)).filter(({ name }) => !known.has(name));
  const room = rulesOfShapeMax - known.size;
  const [added] = withRules([endpoint], fresh.slice(0, Math.max(0, room)).map(text));
  const shape = {
    ...endpoint.shape,
    rules: [...rules, ...added!.shape.rules],
    outside: [...outside, ...added!.shape.outside],
  };
  return { ...endpoint, shape };
}

/**
 * Names come from bodies: rules of many `*` may be more than an engine takes. Then the typed ones alone must do, which were tried
 * when they were published.
 */
function usable(endpoint: Endpoint): Endpoint {
  if (!hasMeasured(endpoint)) return endpoint;
  try {
    planFor(endpoint, [0, 0]);
    return endpoint;
  } catch {
    return typedOnly(endpoint);
  }
}

const hasMeasured = ({ shape }: Endpoint): boolean =>
  [...shape.rules, ...shape.outside].some(({ name }) => isMeasuredName(name));
