export interface LimitRule {
  usual: number;
  max: number;
}
export const entryRows: LimitRule = { usual: 50, max: 200 };
export const moodRows: LimitRule = { usual: 30, max: 100 };

/** How many rows `?limit=` asks for: what parseInt makes of it, the usual number for 0 and for no number, never below 1. */
export function rowLimit(query: unknown, rule: LimitRule): number {
  const asked = Number.parseInt(String(query), 10) || rule.usual;
  return Math.min(rule.max, Math.max(1, asked));
}
