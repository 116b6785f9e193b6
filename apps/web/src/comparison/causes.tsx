import style from './causes.module.css';
import { plural } from '../parts/quantities.js';
import type { Cause } from '#libs/contracts/src/comparator.js';

interface CausesProps {
  causes: readonly Cause[];
  onChoose: (index: number) => void;
}

/** Why, probably: the largest first, each under the mistake that it is typical of. */
export function Causes({ causes, onChoose }: CausesProps) {
  if (causes.length === 0) return null;
  return (
    <section className={style.causes} aria-label="Causes">
      {causes.map((cause, index) => (
        <article key={`${cause.name} ${cause.sentence}`} className={style.cause}>
          {cause.mistake && <p className={style.mistake}>{cause.mistake.title}</p>}
          <h2>{cause.sentence}</h2>
          <p>{cause.hint}</p>
          {cause.follows && cause.follows.length > 0 && (
            <p className={style.follows}>
              From this follows, too: <span className="mono">{cause.follows.join(', ')}</span>
            </p>
          )}
          <button type="button" className={style.show} onClick={() => onChoose(index)}>
            <kbd>{index + 1}</kbd> {shownBy(cause)}
          </button>
        </article>
      ))}
    </section>
  );
}

/** Rows that came late or are the baseline's are not listed, and who could not be read has shown none: the card leads to the endpoint. */
function shownBy({ name, rows }: Cause): string {
  if (['unreachable', 'late', 'foreign'].includes(name)) return 'Show where';
  return `Show ${plural(rows, name === 'derived' ? 'figure' : 'row')}`;
}
