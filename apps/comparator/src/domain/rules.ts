import { endpoints, type Endpoint } from './endpoints.js';
import type { Difference, Look } from './look.js';
import { isMeasuredName } from './noise.js';
import type { DraftRule, NamedRule } from '#libs/contracts/src/rules.js';
import { makePlan } from '#libs/parity/src/plan.js';
import { pointerSegments, shapeFaults, type Rule } from '#libs/parity/src/shape.js';

/** More a shape does not take. */
export const rulesOfShapeMax = 64;

/** A rule as it is compared by, whenever that is. */
export type RuleText = Omit<DraftRule, 'expiresAt'>;

/** The rules of version 1: those that the endpoints come with. Published versions take their place; this one is never changed. */
export const firstRules: readonly NamedRule[] = endpoints.flatMap((endpoint) => {
  const { rows, rules, outside } = endpoint.shape;
  const named = ({ name, path, reason, mode }: Rule, before: string): NamedRule => ({
    ...{
      endpoint: endpoint.path,
      name,
      path: `${before}${path}`,
      mode,
      epsilon: null,
      withinMs: null,
      key: null,
      reason,
    },
    ...{ expiresAt: null, author: 'lockstep', createdAt: '2026-11-20T00:00:00.000Z' },
  });
  return [...rules.map((rule) => named(rule, `${rows ?? ''}/*`)), ...outside.map((rule) => named(rule, ''))];
});

/** Those that still apply. */
export const inForce = <Rule extends Pick<DraftRule, 'expiresAt'>>(rules: readonly Rule[], now: Date): Rule[] =>
  rules.filter((rule) => !isExpired(rule, now));

export const isExpired = ({ expiresAt }: Pick<DraftRule, 'expiresAt'>, now: Date): boolean =>
  expiresAt !== null && Date.parse(expiresAt) <= now.getTime();

/** Endpoints that are compared by these rules and no others. */
export const withRules = (compared: readonly Endpoint[], rules: readonly RuleText[]): Endpoint[] =>
  compared.map((endpoint) => {
    const own = rules.filter((rule) => rule.endpoint === endpoint.path);
    const { rows } = endpoint.shape;
    const inRow = own.filter(({ path }) => isInRow(rows, path));
    const around = own.filter((rule) => !inRow.includes(rule));
    const shape = {
      ...endpoint.shape,
      rules: inRow.map((rule) => toRule(rule, rows === null ? rule.path : rule.path.slice(rows.length + 2))),
      outside: around.map((rule) => toRule(rule, rule.path)),
    };
    return { ...endpoint, shape };
  });

/** A body that is one row has nothing around it. */
const isInRow = (rows: string | null, path: string): boolean =>
  rows === null || path === `${rows}/*` || path.startsWith(`${rows}/*/`);

function toRule({ name, mode, reason, epsilon, withinMs, key }: RuleText, path: string): Rule {
  if (mode === 'set') return { name, path, reason, mode, ...(key === null ? {} : { key }) };
  if (mode !== 'tolerance') return { name, path, reason, mode };
  return {
    ...{ name, path, reason, mode },
    ...(epsilon === null ? {} : { epsilon }),
    ...(withinMs === null ? {} : { withinMs }),
  };
}

/** Typed rules first, then what was measured, as far as an endpoint has room for rules. */
export function withMeasured(typed: readonly RuleText[], measured: readonly RuleText[]): RuleText[] {
  const all = [...typed];
  for (const rule of measured)
    if (all.filter(({ endpoint }) => endpoint === rule.endpoint).length < rulesOfShapeMax) all.push(rule);
  return all;
}

/** What a rule hid, where. */
export interface RuleHits {
  readonly endpoint: string;
  readonly name: string;
  readonly hits: number;
}

export const hitsOf = (look: Look | undefined): RuleHits[] =>
  (look?.endpoints ?? []).flatMap(({ path, rules }) => rules.map(({ name, hits }) => ({ endpoint: path, name, hits })));

/** Figures of statistics that differ, without those that a rule hides. */
export function withoutHidden(differences: readonly Difference[], rules: readonly Rule[]) {
  const ruleOf = ({ what }: Difference) =>
    rules.find(({ path }) => pointerSegments(path)?.every((segment, i) => ['*', ['data', what][i]].includes(segment)));
  return {
    kept: differences.filter((one) => ruleOf(one) === undefined),
    rules: rules.map((rule) => ({
      ...{ name: rule.name, reason: rule.reason },
      hits: differences.filter((one) => ruleOf(one) === rule).length,
    })),
  };
}

/** What is wrong with a draft, one sentence each; empty: it can be published. */
export function draftFaults(rules: readonly DraftRule[]): string[] {
  const known = new Set(endpoints.map(({ path }) => path));
  const strangers = rules.filter((rule) => !known.has(rule.endpoint));
  return [
    ...strangers.map(({ name, endpoint }) => `Rule "${name}": ${endpoint} is not compared.`),
    ...rules
      .filter(({ name }) => isMeasuredName(name))
      .map(({ name }) => `Rule "${name}": names like this belong to what is measured.`),
    ...rules.flatMap(figureFaults),
    ...withRules(endpoints, rules).flatMap(planFaults),
  ];
}

/** Statistics are judged figure by figure, so a figure is compared or it is not. */
function figureFaults({ name, endpoint, path, mode }: DraftRule): string[] {
  const isFigures = endpoints.some((one) => one.kind === 'stats' && one.path === endpoint);
  if (!isFigures || (mode === 'ignore' && pointerSegments(path)?.length === 2)) return [];
  return [`Rule "${name}": of statistics a rule can only ignore a whole figure, such as /data/mood_trend.`];
}

function planFaults({ label, shape }: Endpoint): string[] {
  const faults = shapeFaults(shape);
  if (faults.length > 0) return faults.map((fault) => `${label}: ${fault}`);
  try {
    makePlan(shape, { seed: [0, 0] });
    return [];
  } catch (error) {
    return [`${label}: ${(error as Error).message}.`];
  }
}

/** A draft as the next version: what stays as it was keeps its author and time. */
export function nextRules(
  draft: readonly DraftRule[],
  before: readonly NamedRule[],
  by: string,
  now: Date,
): NamedRule[] {
  return draft.map((rule) => {
    const old = before.find(({ endpoint, name }) => endpoint === rule.endpoint && name === rule.name);
    const isSame = old !== undefined && textOf(old) === textOf(rule);
    const { author, createdAt } = isSame ? old : { author: by, createdAt: now.toISOString() };
    return { ...rule, author, createdAt };
  });
}

const textOf = ({ endpoint, name, path, mode, epsilon, withinMs, key, reason, expiresAt }: DraftRule): string =>
  JSON.stringify([endpoint, name, path, mode, epsilon, withinMs, key, reason, expiresAt && Date.parse(expiresAt)]);
