import { useEffect, useRef, useState } from 'react';
import { plural } from '../parts/quantities.js';
import { verdictWords } from '../parts/verdict-words.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

const betweenMs = 10_000;
const namedMax = 3;

/**
 * Tells screen readers what changed on the board: a summary, at most one every ten seconds, never row by row. A second look is
 * no news: an app is compared with what it was before it, when the verdict is out.
 */
export function Announcer({ rows }: { rows: readonly BoardRow[] }) {
  const [words, setWords] = useState('');
  const known = useRef<Map<string, Verdict> | null>(null);
  const changed = useRef(new Map<string, BoardRow>());
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  useEffect(() => {
    const before = known.current;
    const settled = rows.filter(({ verdict }) => verdict !== 'pending');
    known.current = new Map([...(before ?? []), ...settled.map((row) => [row.appId, row.verdict] as const)]);
    if (!before) return;
    for (const row of settled) if (before.get(row.appId) !== row.verdict) changed.current.set(row.appId, row);
    if (changed.current.size === 0 || timer.current) return;
    const tell = () => {
      timer.current = null;
      if (changed.current.size === 0) return;
      setWords(summary([...changed.current.values()]));
      changed.current.clear();
      timer.current = setTimeout(tell, betweenMs);
    };
    tell();
  }, [rows]);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);

  return (
    <p role="status" className="hidden-text">
      {words}
    </p>
  );
}

function summary(rows: readonly BoardRow[]): string {
  const named = rows.slice(0, namedMax).map(({ name, verdict }) => `${name} is ${verdictWords[verdict].word}`);
  const more = rows.length > namedMax ? `, and ${rows.length - namedMax} more` : '';
  return `${plural(rows.length, 'app')} changed: ${named.join(', ')}${more}.`;
}
