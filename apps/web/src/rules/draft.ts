import type { DraftRule, NamedRule } from '#libs/contracts/src/rules.js';

/** A set of rules while it is being written. Pure: what it says, and how it differs from the version it began with. */

export const blankRule = (endpoint: string): DraftRule => ({
  ...{ endpoint, name: '', path: '/rows/*/', mode: 'ignore', reason: '' },
  ...{ epsilon: null, withinMs: null, key: null, expiresAt: null },
});

export const draftOf = ({
  endpoint,
  name,
  path,
  mode,
  epsilon,
  withinMs,
  key,
  reason,
  expiresAt,
}: NamedRule): DraftRule => ({ endpoint, name, path, mode, epsilon, withinMs, key, reason, expiresAt });

export const keyOf = ({ endpoint, name }: Pick<DraftRule, 'endpoint' | 'name'>): string => `${endpoint} ${name}`;

/** The rule as a sentence. */
export function wordsOf({ path, mode, epsilon, withinMs, key }: DraftRule): string {
  const place = placeOf(path);
  if (mode === 'ignore') return `${capital(place)} is not compared.`;
  if (mode === 'set')
    return `The order of ${place} does not count${key ? `; its elements are told apart by ${key}` : ''}.`;
  if (mode !== 'tolerance') return `${capital(place)} is compared exactly, in its order.`;
  const most = [
    ...(withinMs === null ? [] : [`times by up to ${withinMs} ms`]),
    ...(epsilon === null ? [] : [`numbers by up to ${epsilon}`]),
  ];
  return `${capital(place)} may differ: ${most.join(', ') || 'by how much is not said yet'}.`;
}

/** Where a path leads, in words: names stay as they are. */
function placeOf(path: string): string {
  const inRow = /^\/rows\/\*(.*)$/.exec(path)?.[1];
  if (inRow === '') return 'every row as a whole';
  if (inRow !== undefined) return `“${inRow.slice(1)}” of every row`;
  const figure = /^\/data\/([^/]+)$/.exec(path)?.[1];
  if (figure) return `the figure “${figure}”`;
  return path === '' ? 'everything around the rows' : `“${path.slice(1)}” beside the rows`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export interface Change {
  readonly kind: 'added' | 'changed' | 'removed';
  readonly rule: DraftRule;
}

/** What publishing the draft would change. */
export function changesOf(draft: readonly DraftRule[], base: readonly DraftRule[]): Change[] {
  const before = new Map(base.map((rule) => [keyOf(rule), rule]));
  const kept = new Set(draft.map(keyOf));
  const changes = draft.flatMap((rule): Change[] => {
    const old = before.get(keyOf(rule));
    if (!old) return [{ kind: 'added', rule }];
    return isSame(old, rule) ? [] : [{ kind: 'changed', rule }];
  });
  return [...changes, ...base.flatMap((rule): Change[] => (kept.has(keyOf(rule)) ? [] : [{ kind: 'removed', rule }]))];
}

const isSame = (a: DraftRule, b: DraftRule): boolean =>
  (['path', 'mode', 'epsilon', 'withinMs', 'key', 'reason', 'expiresAt'] as const).every((name) => a[name] === b[name]);

/** What stands in the way of this rule, by field; empty: it can be taken into the draft. */
export function faultsOf(rule: DraftRule, others: readonly DraftRule[]): Partial<Record<keyof DraftRule, string>> {
  const isTaken = others.some((other) => keyOf(other) === keyOf(rule));
  return {
    ...(rule.name.trim() === '' ? { name: 'Give it a name; hits are counted under it.' } : {}),
    ...(isTaken ? { name: 'This endpoint has a rule of this name already.' } : {}),
    ...(rule.path !== '' && !rule.path.startsWith('/') ? { path: 'Begin with /, such as /rows/*/created_at.' } : {}),
    ...(rule.path.endsWith('/') ? { path: 'Name the field: /rows/*/created_at.' } : {}),
    ...(rule.reason.trim() === '' ? { reason: 'Say why; everybody reads it beside the verdict.' } : {}),
    ...(rule.mode === 'tolerance' && rule.epsilon === null && rule.withinMs === null
      ? { withinMs: 'Say how far times or numbers may be apart.' }
      : {}),
  };
}
