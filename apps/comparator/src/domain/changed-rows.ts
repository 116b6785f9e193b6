import type { Difference, FieldOfDifference } from './look.js';
import type { MistakeName } from './mistakes.js';
import { roundingOf } from './rounded-values.js';

/** What happened to a field of one row. */
interface Change {
  readonly mistake: MistakeName;
  /** What rows have in common that were changed alike: they are one cause. */
  readonly how: string;
}

/** How the changes of one field came about, by its rows: what most of them say. */
export function mistakeOfChanges(rows: readonly Difference[]): Change {
  const counts = new Map<string, { readonly change: Change; readonly rows: number }>();
  for (const { fields } of rows) {
    const change = fields[0] ? changeOf(fields[0]) : converted;
    counts.set(change.mistake, { change, rows: (counts.get(change.mistake)?.rows ?? 0) + 1 });
  }
  const [most] = [...counts.values()].toSorted((a, b) => b.rows - a.rows);
  const { mistake, how } = most?.change ?? converted;
  return { mistake, how: mistake === 'truncated-column' ? cutAt(rows) : how };
}

const converted: Change = { mistake: 'converted-column', how: '' };

function changeOf({ kind, baseline, app }: FieldOfDifference): Change {
  if (kind === 'wrong-unit') return { mistake: 'wrong-unit-of-time', how: 'a thousand times too small or too large' };
  if (kind === 'copied') return { mistake: 'dates-of-the-copy', how: 'of one moment, when they were copied' };
  if (kind === 'truncated') return { mistake: 'truncated-column', how: '' };
  if (kind === 'missing' || (app === null && baseline !== null)) return { mistake: 'dropped-column', how: 'not there' };
  if (kind === 'type') return { mistake: 'retyped-column', how: `${typeName(app)} instead of ${typeName(baseline)}` };
  if (kind === 'unicode') return { mistake: 'changed-text', how: 'in another Unicode form' };
  if (kind === 'extra') return { mistake: 'another-answer', how: 'beside what the reference app has' };
  if (typeof baseline === 'string' && typeof app === 'string') return textChange(baseline, app);
  if (typeof baseline === 'number' && typeof app === 'number') return numberChange(baseline, app);
  return converted;
}

function numberChange(sent: number, shown: number): Change {
  const how = roundingOf(sent, shown);
  return how === undefined ? converted : { mistake: 'rounded-numbers', how };
}

function textChange(sent: string, shown: string): Change {
  if (shown === '') return { mistake: 'dropped-column', how: 'empty' };
  if (withoutForeign(sent) === withoutForeign(shown) && hasForeign(sent))
    return { mistake: 'changed-encoding', how: 'in another character set' };
  if (shown.trim() === sent.trim()) return { mistake: 'changed-text', how: 'trimmed or padded' };
  if (shown.replace(/\s+/g, ' ') === sent.replace(/\s+/g, ' ')) return { mistake: 'changed-text', how: 'with other white space' }; // prettier-ignore
  if (shown.toLowerCase() === sent.toLowerCase()) return { mistake: 'changed-text', how: 'in another case' };
  if (unescaped(shown) === sent) return { mistake: 'changed-text', how: 'escaped' };
  if (isWord(sent) && isWord(shown)) return { mistake: 'mapped-values', how: `as other words, ${sent} as ${shown}` };
  return converted;
}

/** What is left where no character set can differ; `?` stands for characters that were lost. */
const withoutForeign = (text: string): string => text.replace(/[^\x20-\x7e]|\?/g, '');
const hasForeign = (text: string): boolean => /[^\x20-\x7e]/.test(text);
const isWord = (text: string): boolean => /^\w{1,30}$/.test(text);

const unescaped = (text: string): string =>
  text
    .replace(/&#(\d{1,6});/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&lt;|&gt;|&quot;|&apos;/g, (name) => ({ '&lt;': '<', '&gt;': '>', '&quot;': '"' })[name] ?? "'")
    .replace(/&amp;/g, '&')
    .replace(/\\(["'\\])/g, '$1');

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'null';
  return { string: 'text', number: 'a number', boolean: 'true or false' }[typeof value as string] ?? 'an object';
}

/** A cut may leave a space at the end that is trimmed: of all rows the longest tells where it is. */
function cutAt(rows: readonly Difference[]): string {
  const lengths = rows.flatMap(({ fields: [field] }) =>
    field?.kind === 'truncated' && typeof field.app === 'string' ? [field.app.length] : [],
  );
  return `cut at ${lengths.reduce((most, length) => Math.max(most, length), 0)} characters`;
}
