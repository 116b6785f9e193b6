import { DifferenceView } from './difference-view.js';
import style from './differences.module.css';
import { count, plural } from '../parts/quantities.js';
import { Mark } from '../parts/mark.js';
import type { EndpointDetail } from '#libs/contracts/src/comparator.js';

interface DifferencesProps {
  endpoint: EndpointDetail;
  chosen: number | null;
  onChoose: (index: number) => void;
}

/** Which rows: each aligned with its partner. */
export function Differences({ endpoint, chosen, onChoose }: DifferencesProps) {
  const { differences, differencesTotal } = endpoint;
  if (differences.length === 0)
    return (
      <div className={style.none}>
        <Mark state={endpoint.verdict === 'in-sync' ? 'aligned' : 'apart'} size={32} />
        <p>
          {endpoint.verdict === 'in-sync' ? 'Nothing differs here.' : 'No row to show: nothing could be compared here.'}
        </p>
      </div>
    );
  return (
    <div className={style.list}>
      <div className={style.heads}>
        <h2>{plural(Math.max(differencesTotal, differences.length), 'difference')}</h2>
        <p className={style.walk}>
          <kbd>j</kbd> next <kbd>k</kbd> previous
        </p>
        {differencesTotal > differences.length && (
          <p className={style.more}>The first {count(differences.length)} are shown; the rest are of the same kinds.</p>
        )}
      </div>
      <div className={style.sides} aria-hidden="true">
        <span>Baseline</span>
        <span>App</span>
      </div>
      {differences.map((difference, index) => (
        <DifferenceView
          key={index}
          difference={difference}
          number={index + 1}
          isChosen={chosen === index}
          onChoose={() => onChoose(index)}
        />
      ))}
    </div>
  );
}
