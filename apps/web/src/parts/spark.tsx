import { memo } from 'react';
import type { Verdict } from '#libs/contracts/src/shapes.js';
import style from './spark.module.css';
import { plural } from './quantities.js';
import { verdicts, verdictWords } from './verdict-words.js';

const slots = 20;
const pitch = 5;
const height = 16;

/** The last verdicts, the newest at the right. Each kind has its own shape: whole, broken, hollow, thin, dot. */
export const Spark = memo(function Spark({ recent }: { recent: readonly Verdict[] }) {
  const first = slots - recent.length;
  const empty = Array.from({ length: first }, (_, slot) => `M${slot * pitch + 1} ${height / 2}h2v1h-2z`);
  return (
    <svg
      className={style.spark}
      style={{ width: `${(slots * pitch - 1) / 16}rem`, height: `${height / 16}rem` }}
      viewBox={`0 0 ${slots * pitch - 1} ${height}`}
      role="img"
      aria-label={inWords(recent)}
    >
      <path className={style.empty} d={empty.join('')} />
      {verdicts.map((kind) => {
        const path = recent.map((verdict, index) => (verdict === kind ? shapes[kind]((first + index) * pitch) : ''));
        return recent.includes(kind) && <path key={kind} className={style[kind]} d={path.join('')} />;
      })}
    </svg>
  );
});

/** One shape at `x`, 4 wide: a single path for each kind, since a board may have five hundred of these pictures. */
const shapes: Record<Verdict, (x: number) => string> = {
  'in-sync': (x) => `M${x} 0h4v${height}h-4z`,
  'out-of-sync': (x) => `M${x} 0h4v6h-4zM${x} 10h4v6h-4z`,
  pending: (x) => `M${x + 0.5} .5h3v${height - 1}h-3z`,
  unreachable: (x) => `M${x + 1.25} 0h1.5v${height}h-1.5z`,
  unknown: (x) => `M${x} ${height / 2}a2 2 0 1 1 4 0a2 2 0 1 1-4 0z`,
};

/** "Last 12 verdicts: 9 in sync, then 3 out of sync". */
export function inWords(recent: readonly Verdict[]): string {
  if (recent.length === 0) return 'No verdict yet';
  const runs: { verdict: Verdict; length: number }[] = [];
  for (const verdict of recent) {
    const run = runs.at(-1);
    if (run?.verdict === verdict) run.length += 1;
    else runs.push({ verdict, length: 1 });
  }
  const words = runs.map(({ verdict, length }) => `${length} ${verdictWords[verdict].word.toLowerCase()}`);
  return `Last ${plural(recent.length, 'verdict')}: ${words.join(', then ')}`;
}
