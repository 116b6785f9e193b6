/** How a foreign value is shown: as JSON, with every character that hides or turns text written out. */
export function valueText(value: unknown): string {
  if (value === undefined) return '';
  return JSON.stringify(value, null, isDeep(value) ? 1 : 0)
    .replace(/\n\s*/g, ' ')
    .replace(/[\p{Cf}\p{Co}\u2028\u2029]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

const isDeep = (value: unknown): boolean => typeof value === 'object' && value !== null;

export interface MarkedText {
  readonly before: string;
  readonly changed: string;
  readonly after: string;
}

/** Two texts, each parted into what both begin with, what differs, and what both end with. Whole characters only. */
export function markDifference(left: string, right: string): [MarkedText, MarkedText] {
  const [a, b] = [Array.from(left), Array.from(right)];
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return [part(a, start, end), part(b, start, end)];
}

const part = (characters: string[], start: number, end: number): MarkedText => ({
  before: characters.slice(0, start).join(''),
  changed: characters.slice(start, characters.length - end).join(''),
  after: characters.slice(characters.length - end).join(''),
});

/** The fields of a row that are not named as different, side by side. */
export function otherFields(
  baseline: unknown,
  app: unknown,
  different: readonly { path: string }[],
): { name: string; baseline: unknown; app: unknown }[] {
  const [left, right] = [fieldsOf(baseline), fieldsOf(app)];
  const shown = new Set(different.map(({ path }) => path.split('/')[1]));
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((name) => !shown.has(name))
    .map((name) => ({ name, baseline: left[name], app: right[name] }));
}

const fieldsOf = (row: unknown): Record<string, unknown> =>
  typeof row === 'object' && row !== null && !Array.isArray(row) ? (row as Record<string, unknown>) : {};
