import style from './windows.module.css';
import { plural } from '../parts/quantities.js';
import type { StripCell } from '#libs/contracts/src/windows.js';

const height = 28;
const kinds: readonly StripCell[] = ['up', 'unseen', 'stale', 'down', 'none'];
const words: Record<StripCell, string> = {
  up: 'answered',
  unseen: 'not seen by us',
  stale: 'a write not shown at once',
  down: 'down',
  none: 'yet to come',
};

/** Each state has a shape of its own: full, dots at the foot, half, notched and full, a line. */
const shapes: Record<StripCell, (x: number) => string> = {
  up: (x) => `M${x} 6h4v${height - 12}h-4z`,
  down: (x) => `M${x} 0h5v${height}h-5z`,
  stale: (x) => `M${x} ${height / 2}h4v${height / 2 - 6}h-4z`,
  unseen: (x) => `M${x + 1} ${height / 2 - 1}h2v2h-2z`,
  none: (x) => `M${x} ${height - 7}h4v1h-4z`,
};

/** The window from left to right; of each cell the worst. */
export function Strip({ cells }: { cells: readonly StripCell[] }) {
  const there = kinds.filter((kind) => cells.includes(kind));
  return (
    <figure className={style.strip}>
      <svg
        viewBox={`0 0 ${cells.length * 5} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={inWords(cells)}
      >
        {there.map((kind) => (
          <path
            key={kind}
            data-cell={kind}
            d={cells.map((cell, i) => (cell === kind ? shapes[kind](i * 5) : '')).join('')}
          />
        ))}
      </svg>
      <figcaption>
        {there.map((kind) => (
          <span key={kind} data-cell={kind}>
            <svg viewBox={`0 0 5 ${height}`} preserveAspectRatio="none" aria-hidden="true">
              <path data-cell={kind} d={shapes[kind](0)} />
            </svg>
            {words[kind]}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function inWords(cells: readonly StripCell[]): string {
  const counts = kinds.map((kind) => [kind, cells.filter((cell) => cell === kind).length] as const);
  const parts = counts.filter(([, count]) => count > 0).map(([kind, count]) => `${count} ${words[kind]}`);
  return `The window in ${plural(cells.length, 'part')}: ${parts.join(', ')}`;
}
