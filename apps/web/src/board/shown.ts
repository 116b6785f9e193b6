import { differing, isJudged } from '../parts/endpoint-words.js';
import { count, downtime, exact } from '../parts/quantities.js';
import { verdictWords } from '../parts/verdict-words.js';
import { proofLooks } from '../windows/proof-looks.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

/**
 * What a row may say now. Counts belong to the verdict that they came with: while an app is looked at again, or when it could
 * not be judged, the last counts are old, and shown beside a new word they would blame. So they are not shown at all.
 */
export interface ShownFigures {
  readonly different: number | null;
  readonly lost: number | null;
  /** Why there is nothing to say; null when there is. */
  readonly why: string | null;
}

const reasons: Partial<Record<Verdict, string>> = {
  pending: 'Not judged yet',
  unreachable: 'Not judged: the app could not be read',
  unknown: 'Not judged: our side or the baseline failed; it costs the app nothing',
};

export function shownFigures({ verdict, rowsDifferent, lostAfterAck }: BoardRow): ShownFigures {
  const why = reasons[verdict] ?? null;
  return why ? { different: null, lost: null, why } : { different: rowsDifferent, lost: lostAfterAck, why: null };
}

export interface ShownCell {
  readonly verdict: Verdict;
  /** How many rows differ; null where that was not judged. */
  readonly off: number | null;
  /** For screen readers and the tip. */
  readonly words: string;
}

/** One endpoint of a row; null when this app was never compared there. */
export function shownCell(row: BoardRow, { path, label }: { path: string; label: string }): ShownCell | null {
  if (row.verdict === 'pending' || row.verdict === 'unknown') return notJudged(row.verdict, label);
  const endpoint = row.endpoints.find((one) => one.path === path);
  if (!endpoint) return null;
  if (!isJudged(endpoint.verdict)) return notJudged(endpoint.verdict, label);
  const off = differing(endpoint);
  const words = `${label}: ${verdictWords[endpoint.verdict].word}, ${count(off)} different, ${count(endpoint.matched)} matched`;
  return { verdict: endpoint.verdict, off, words };
}

const notJudged = (verdict: Verdict, label: string): ShownCell => ({
  verdict,
  off: null,
  words: `${label}: ${verdictWords[verdict].word}`,
});

export interface ShownDowntime {
  /** Of the verdict of its window; null when it was never watched. */
  readonly glyph: string | null;
  readonly text: string;
  /** For screen readers and the title. */
  readonly words: string;
}

/** What windows have shown of an app's downtime. It belongs to its window, and stays whatever comparisons say. */
export function shownDowntime({ downtime: seen }: BoardRow): ShownDowntime {
  if (!seen) return { glyph: null, text: 'not measured', words: 'Never watched while it moved' };
  const { verdict, ms, at } = seen;
  const [glyph, word] = proofLooks[verdict];
  const since = `the window of ${exact(at)}`;
  if (ms === null) return { glyph, text: 'not proven', words: `${word} by ${since}; it costs the app nothing` };
  const text = downtime(ms);
  const loss = verdict === 'violated' && ms === 0 ? ', but a write was lost' : '';
  return { glyph, text, words: `${word}: down for ${text}${loss} in ${since}` };
}

/** What each cell shows, by its name. Cells that say nothing now are left out: they have not changed until they say it again. */
export function shownValues(row: BoardRow): Map<string, string | number | null> {
  const { different, lost } = shownFigures(row);
  const values: [string, string | number | null][] = [
    ['rank', row.rank],
    ['verdict', row.verdict],
    ['different', different],
    ['lost', lost],
    ['downtime', row.downtime && shownDowntime(row).text],
  ];
  for (const endpoint of row.endpoints) {
    const cell = shownCell(row, endpoint);
    values.push([endpoint.path, cell?.off === null ? null : (cell?.words ?? null)]);
  }
  return new Map(values.filter(([cell, value]) => value !== null || cell === 'rank'));
}
