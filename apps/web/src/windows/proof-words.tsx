import style from './windows.module.css';
import type { ProofVerdict, WindowHead } from '#libs/contracts/src/windows.js';

/** Other glyphs than those of comparisons: this is another question. */
const looks: Record<ProofVerdict, readonly [glyph: string, word: string]> = {
  proven: ['✓', 'Proven'],
  'not-proven': ['!', 'Not proven'],
  violated: ['×', 'Violated'],
};
const states: Record<WindowHead['state'], string> = {
  due: 'About to begin',
  open: 'Watched now',
  looking: 'Looking for its writes',
  closed: '',
};

/** The verdict of a window, or how far it is. */
export function ProofTag({ window: { verdict, state } }: { window: Pick<WindowHead, 'verdict' | 'state'> }) {
  if (!verdict) return <span className={style.tag}>{states[state]}</span>;
  const [glyph, word] = looks[verdict];
  return (
    <span className={style.tag} data-verdict={verdict}>
      <span aria-hidden="true">{glyph}</span> {word}
    </span>
  );
}

/** "1 min", "90 s". */
export const lengthText = (ms: number): string =>
  ms % 60_000 === 0 ? `${ms / 60_000} min` : `${Math.round(ms / 1_000)} s`;
