import { preflightNames } from '#libs/contracts/src/preflight-names.js';
import type { PreflightCheck, PreflightView } from '#libs/contracts/src/preflight.js';

export type PreflightLine = PreflightView['lines'][number];
export type LineState = PreflightLine['state'];

/**
 * What this page has to do with the trial write: nobody wants it here, it is to be asked for as soon as it may be, it was asked
 * for, or asking was refused.
 */
export type TrialWrite = 'unwanted' | 'wanted' | 'asked' | 'refused';

/** Other glyphs than those of verdicts: nothing is judged here. "?" says the same of both: our side failed. */
export const lineLooks: Readonly<Record<LineState, readonly [glyph: string, word: string]>> = {
  passed: ['✓', 'Passed'],
  warned: ['!', 'Warning'],
  failed: ['×', 'Failed'],
  skipped: ['–', 'Skipped'],
  unknown: ['?', 'Unknown'],
  waiting: ['○', 'Waiting'],
};

export const isWriteDue = (view: PreflightView | undefined, write: TrialWrite): boolean =>
  view?.mayWrite === true && write === 'wanted';

/** Whether nothing comes any more. While the write is due or asked for, an "over" is only of what was read. */
export const isSettled = ({ state, mayWrite }: PreflightView, write: TrialWrite): boolean =>
  state === 'over' && !(mayWrite && (write === 'wanted' || write === 'asked'));

/** The lines as this page knows them: the trial write waits while it is to come, and is skipped where nobody asked for it. */
export function linesOf(view: PreflightView, write: TrialWrite): readonly PreflightLine[] {
  if (!view.mayWrite) return view.lines;
  const isToCome = !isSettled(view, write);
  return view.lines.map((line) => {
    if (line.check !== 'write') return line;
    if (isToCome) return waiting('write');
    if (write === 'refused') return { ...line, state: 'skipped', sentence: 'It could not be asked for: see below.' };
    return line.state === 'waiting' ? { ...line, state: 'skipped', sentence: 'Nobody asked for it.' } : line;
  });
}

const waiting = (check: PreflightCheck): PreflightLine => ({
  ...{ check, state: 'waiting', sentence: '', next: null, ms: null },
});

/** Before the first answer: all lines are there, and wait. */
export const allWaiting: readonly PreflightLine[] = (Object.keys(preflightNames) as PreflightCheck[]).map(waiting);

export const isThere = ({ state }: PreflightLine): boolean => state !== 'waiting';
export const namesToMend = (lines: readonly PreflightLine[]): string[] =>
  lines.filter(({ state }) => state === 'failed').map(({ check }) => preflightNames[check]);

/** What the form offers first: to submit or to check, to wait, to mend what failed and check again, or to submit what was checked. */
export type Step = 'fresh' | 'running' | 'mend' | 'submit';

export function stepOf(
  check: { isRunning: boolean; url: string | null; lines: readonly PreflightLine[] },
  typed: string,
): Step {
  if (check.isRunning) return 'running';
  if (check.url === null || !isSameAddress(check.url, typed)) return 'fresh';
  return namesToMend(check.lines).length > 0 ? 'mend' : 'submit';
}

/** A check is of the address that stands in the field only if both lead to the same place. */
export function isSameAddress(one: string, other: string): boolean {
  return placeOf(one) === placeOf(other);
}
const placeOf = (text: string): string => (URL.parse(text.trim())?.href ?? text.trim()).replace(/\/+$/, '');

/** What a screen reader is told: lines that came since, then the end. */
export const newsOf = (lines: readonly PreflightLine[], told: ReadonlySet<PreflightCheck>): string =>
  lines
    .filter((line) => isThere(line) && !told.has(line.check))
    .map(({ check, state }) => `${preflightNames[check]}: ${lineLooks[state][1].toLowerCase()}.`)
    .join(' ');
