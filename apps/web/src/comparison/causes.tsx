import style from './causes.module.css';
import { plural } from '../parts/quantities.js';
import type { Cause } from '#libs/contracts/src/comparator.js';

interface CausesProps {
  causes: readonly Cause[];
  onChoose: (index: number) => void;
}

/** Why, probably: the largest first. */
export function Causes({ causes, onChoose }: CausesProps) {
  if (causes.length === 0) return null;
  return (
    <section className={style.causes} aria-label="Causes">
      {causes.map((cause, index) => (
        <article key={cause.name} className={style.cause}>
          <h2>{cause.sentence}</h2>
          <p>{cause.hint}</p>
          <button type="button" className={style.show} onClick={() => onChoose(index)}>
            <kbd>{index + 1}</kbd> Show {plural(cause.rows, cause.name === 'derived' ? 'figure' : 'row')}
          </button>
        </article>
      ))}
    </section>
  );
}
