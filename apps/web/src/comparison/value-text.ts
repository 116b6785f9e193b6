import type { RowDifference } from '#libs/contracts/src/comparator.js';

/** How a foreign value is shown: as JSON, with every character that hides or turns text written out. */
export function valueText(value: unknown): string {
  if (value === undefined) return '';
  return plain(JSON.stringify(value, null, isDeep(value) ? 1 : 0).replace(/\n\s*/g, ' '));
}

const plain = (text: string): string =>
  text.replace(/[\p{Cf}\p{Co}\u2028\u2029]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);

const isDeep = (value: unknown): boolean => typeof value === 'object' && value !== null;

/**
 * Both sides of a field that differs, as text. Rows are shown as they are: the field is read from them by its pointer. Only what
 * they do not hold (a figure with what it should be) is taken from the difference itself.
 */
export function fieldTexts(
  { kind, baseline, app }: RowDifference,
  field: RowDifference['fields'][number],
): [string, string] {
  if (kind === 'derived') return [figureText(field.baseline), figureText(field.app)];
  const [left, right] = [valueAt(baseline, field.path), valueAt(app, field.path)];
  return left === undefined && right === undefined
    ? [valueText(field.baseline), valueText(field.app)]
    : [valueText(left), valueText(right)];
}

/** What a figure should be may be words: "at least 50". */
const figureText = (value: unknown): string => (typeof value === 'string' ? plain(value) : valueText(value));

/** The value at a JSON Pointer (RFC 6901); undefined where there is none. */
function valueAt(value: unknown, pointer: string): unknown {
  if (pointer === '') return value;
  const names = pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return names.reduce<unknown>(
    (inner, name) =>
      isDeep(inner) && Object.hasOwn(inner as object, name) ? (inner as Record<string, unknown>)[name] : undefined,
    value,
  );
}

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
