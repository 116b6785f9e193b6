import { DifferenceView } from './difference-view.js';
import style from './differences.module.css';
import { isJudged } from '../parts/endpoint-words.js';
import { count, plural } from '../parts/quantities.js';
import { Mark } from '../parts/mark.js';
import type { EndpointDetail } from '#libs/contracts/src/comparator.js';

interface DifferencesProps {
  appId: string;
  endpoint: EndpointDetail;
  chosen: number | null;
  onChoose: (index: number) => void;
}

/** Which rows: each aligned with its partner. */
export function Differences({ appId, endpoint, chosen, onChoose }: DifferencesProps) {
  const { differences, differencesTotal } = endpoint;
  if (differences.length === 0) return <NoDifference endpoint={endpoint} />;
  const [left, right] = sidesOf(endpoint);
  return (
    <div className={style.list}>
      <div className={style.heads}>
        <h2>{plural(Math.max(differencesTotal, differences.length), 'difference')}</h2>
        <p className={style.walk}>
          <kbd>j</kbd> next <kbd>k</kbd> previous
        </p>
        {differencesTotal > differences.length && (
          <p className={style.more}>
            The first {count(differences.length)} are kept and shown; the counts are of all {count(differencesTotal)}.
          </p>
        )}
      </div>
      <div className={style.sides} aria-hidden="true">
        <span>{left}</span>
        <span>{right}</span>
      </div>
      {differences.map((difference, index) => (
        <DifferenceView
          key={index}
          appId={appId}
          difference={difference}
          number={index + 1}
          isChosen={chosen === index}
          onChoose={() => onChoose(index)}
        />
      ))}
    </div>
  );
}

/** A figure stands beside what the app's own rows give, not beside the baseline's figure. */
const sidesOf = ({ differences }: EndpointDetail): [string, string] =>
  differences.every(({ kind }) => kind === 'derived') ? ['From its own rows', 'Its statistics'] : ['Baseline', 'App'];

function NoDifference({ endpoint: { verdict, foreign } }: { endpoint: EndpointDetail }) {
  const words = foreign
    ? 'No row that the app answers for differs. It shows rows that were written only to the baseline, so they are not its own.'
    : verdict === 'pending'
      ? 'Not the same at every look, so nothing is said of it this time.'
      : isJudged(verdict)
        ? 'Nothing differs here.'
        : 'No row to show: nothing could be compared here.';
  return (
    <div className={style.none}>
      <Mark state={verdict === 'in-sync' ? 'aligned' : 'apart'} size={32} />
      <p>{words}</p>
    </div>
  );
}
