import type { Verdict } from '#libs/contracts/src/shapes.js';
import type { ProblemDocument } from '#libs/contracts/src/problem.js';

const colourful = (stream: NodeJS.WriteStream): boolean =>
  stream.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
export const paint = (code: string) => (text: string) =>
  colourful(process.stdout) ? `\u001b[${code}m${text}\u001b[0m` : text;
export const bold = paint('1');
export const grey = paint('90');

/** Glyph and word of each verdict, as everywhere. */
const looks: Record<Verdict, readonly [string, (text: string) => string]> = {
  'in-sync': ['◆ In sync', paint('36')],
  'out-of-sync': ['▲ Out of sync', paint('91')],
  pending: ['◔ Pending', paint('33')],
  unreachable: ['✕ Unreachable', paint('90;1')],
  unknown: ['? Unknown', paint('35')],
};
export const verdictText = (verdict: Verdict): string => looks[verdict][1](looks[verdict][0]);

let words: NodeJS.WriteStream = process.stdout;

/** With --json only the document goes to standard output: words go beside it. */
export function leaveStdoutToJson(): void {
  words = process.stderr;
}

export const say = (text = ''): void => void words.write(`${harmless(text)}\n`);
export const sayJson = (value: unknown): void => void process.stdout.write(`${harmlessJson(value)}\n`);

/** Control and direction characters that are no colour of ours: in the words of an app they could move the cursor or hide a line. */
// eslint-disable-next-line no-control-regex -- those are what is looked for
const harmful = /(\u001b\[[0-9;]*m)|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
export const harmless = (text: string): string => text.replace(harmful, (_, colour?: string) => colour ?? '\ufffd');
/** JSON writes out only what stands before the space; the others are written out here. */
export const harmlessJson = (value: unknown): string =>
  JSON.stringify(value, undefined, 2).replace(
    harmful,
    (one: string) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

// eslint-disable-next-line no-control-regex -- colours begin with one
const escapes = /\u001b\[[0-9;]*m/g;
const widthOf = (text: string): number => text.replace(escapes, '').length;

/** Columns as wide as their widest cell; on a terminal lines are cut at its edge, elsewhere they are whole. */
export function table(rows: readonly (readonly string[])[], columns = process.stdout.columns ?? Infinity): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  return rows
    .map((row) => {
      const cells = row.map((cell, column) =>
        column === row.length - 1 ? cell : cell + ' '.repeat(widths[column]! - widthOf(cell)),
      );
      return cut(cells.join('  ').trimEnd(), columns);
    })
    .join('\n');
}

/** The first characters that fit, colours kept and ended. */
export function cut(line: string, columns: number): string {
  if (widthOf(line) <= columns) return line;
  let room = columns - 1;
  let kept = '';
  for (let rest = line; room > 0;) {
    // eslint-disable-next-line no-control-regex -- colours begin with one
    const [part = ''] = /^(\u001b\[[0-9;]*m|[^])/u.exec(rest) ?? [];
    rest = rest.slice(part.length);
    kept += part;
    if (widthOf(part) > 0) room -= 1;
  }
  return `${kept}…${kept.includes('\u001b') ? '\u001b[0m' : ''}`;
}

/** What the gateway refused: what, whose side, what next, trace. */
export function problemText({ title, detail, side, next, errors, traceId }: ProblemDocument): string {
  const whose = { yours: 'your side', ours: 'our side', baseline: 'the baseline’s side' }[side];
  const fields = (errors ?? []).map((error) => `  ${error.path || 'request'}: ${error.message}`);
  return [`${title} (${whose}). ${detail}`, ...fields, next, ...(traceId ? [grey(`trace ${traceId}`)] : [])].join('\n');
}

/** A live last line on a terminal; elsewhere nothing, since only finished things are worth a line there. */
export class LiveLine {
  private shown = false;

  show(text: string): void {
    if (!colourful(process.stderr)) return;
    const columns = process.stderr.columns ?? 80;
    process.stderr.write(`\r\u001b[K${cut(harmless(text), columns - 1)}`);
    this.shown = true;
  }

  clear(): void {
    if (this.shown) process.stderr.write('\r\u001b[K');
    this.shown = false;
  }
}

/** `■■■■□□□□` */
export const bar = (done: number, total: number, width = 24): string => {
  const full = total === 0 ? width : Math.floor((done / total) * width);
  return '■'.repeat(full) + '□'.repeat(width - full);
};

export function ago(time: string | null, now: number): string {
  if (time === null) return '–';
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1_000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min ago`;
  return seconds < 86_400 ? `${Math.round(seconds / 3_600)} h ago` : `${Math.round(seconds / 86_400)} d ago`;
}

/** "2026-11-26 15:00:07 UTC" */
export const toSecond = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
