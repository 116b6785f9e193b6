import style from './strength.module.css';
import type { Suspicion } from '#libs/contracts/src/comparator.js';

const words: Record<Suspicion['strength'], string> = { proof: 'Proof', hint: 'Hint', note: 'Note' };

/** How much weighs what points to an app. */
export function Strength({ of: strength }: { of: Suspicion['strength'] }) {
  return (
    <span className={style.strength} data-strength={strength}>
      {words[strength]}
    </span>
  );
}
