import style from './windows.module.css';
import { proofLooks } from './proof-looks.js';
import type { WindowHead } from '#libs/contracts/src/windows.js';

const states: Record<WindowHead['state'], string> = {
  due: 'About to begin',
  open: 'Watched now',
  looking: 'Looking for its writes',
  closed: '',
};

/** The verdict of a window, or how far it is. */
export function ProofTag({ window: { verdict, state } }: { window: Pick<WindowHead, 'verdict' | 'state'> }) {
  if (!verdict) return <span className={style.tag}>{states[state]}</span>;
  const [glyph, word] = proofLooks[verdict];
  return (
    <span className={style.tag} data-verdict={verdict}>
      <span aria-hidden="true">{glyph}</span> {word}
    </span>
  );
}

/** "1 min", "90 s". */
export const lengthText = (ms: number): string =>
  ms % 60_000 === 0 ? `${ms / 60_000} min` : `${Math.round(ms / 1_000)} s`;
