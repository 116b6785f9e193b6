import {
  preflightCheck,
  type PreflightCheck,
  type PreflightLine,
  type PreflightView,
  type ReadPreflight,
} from '#libs/contracts/src/preflight.js';

/** What became of the trial write: nobody asked, it is under way, or this. */
export type Trial = 'not-asked' | 'under-way' | PreflightLine;

type ShownLine = PreflightView['lines'][number];

/** What the two services have found, as one list. */
export function viewOf(preflightId: string, preflight: ReadPreflight, trial: Trial): PreflightView {
  const { url, askedAt, isOver, isReadable } = preflight;
  const lines = preflightCheck.options.map((check) => lineOf(check, preflight, trial));
  const state = !isOver ? 'reading' : trial === 'under-way' ? 'writing' : 'over';
  const mayWrite = isOver && isReadable && trial === 'not-asked';
  return { preflightId, url, askedAt, state, mayWrite, lines, sentence: sentenceOf(state, lines) };
}

function lineOf(check: PreflightCheck, { lines, isOver, isReadable }: ReadPreflight, trial: Trial): ShownLine {
  const found = check === 'write' && typeof trial === 'object' ? trial : lines.find((line) => line.check === check);
  if (found) return found;
  const none = { check, next: null, ms: null } as const;
  if (check !== 'write' || !isOver || trial === 'under-way') return { ...none, state: 'waiting', sentence: '' };
  const why = isReadable ? 'Nobody asked for it.' : 'Not tried: first it must be readable.';
  return { ...none, state: 'skipped', sentence: why };
}

function sentenceOf(state: PreflightView['state'], lines: readonly ShownLine[]): string {
  if (state === 'reading') return 'The app is being read.';
  if (state === 'writing') return 'One entry is being written and looked for.';
  const count = (wanted: ShownLine['state']) => lines.filter((line) => line.state === wanted).length;
  const [passed, warned, failed, unknown] = [count('passed'), count('warned'), count('failed'), count('unknown')];
  const all = `${passed} of ${passed + warned + failed + unknown} passed`;
  if (failed > 0)
    return `${all}, ${failed} failed: as it is now, it would be called unreachable or out of sync. Mend that, and check again.`;
  if (unknown > 0) return `${all}; of ${unknown} our side failed, which says nothing about the app. Check again.`;
  if (warned > 0) return `${all}, with ${warned === 1 ? 'a warning' : `${warned} warnings`}: it may take part.`;
  return `${all}: it may take part.`;
}
