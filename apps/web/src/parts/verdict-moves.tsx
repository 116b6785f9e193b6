import { Link } from 'react-router';
import type { Move } from './moves.js';
import style from './verdict-moves.module.css';
import { VerdictTag } from './verdict.js';
import { rankText } from '#libs/contracts/src/rank-words.js';

/** What apps would get by something that is not published yet: another verdict, another rank, or the same with other differences. */
export function VerdictMoves({ moves }: { moves: readonly Move[] }) {
  if (moves.length === 0) return null;
  return (
    <ul className={style.moves}>
      {moves.map((move) => (
        <li key={move.appId}>
          <Link to={move.to}>{move.appName}</Link>
          <Verdicts {...move} />
          <Below {...move} />
        </li>
      ))}
    </ul>
  );
}

const Verdicts = ({ before, after }: Move) => (
  <span className={style.verdicts}>
    {before && <VerdictTag verdict={before} />}
    {after && before !== after && (
      <>
        <span aria-label="becomes">→</span>
        <VerdictTag verdict={after} />
      </>
    )}
  </span>
);

function Below({ after, rank, more }: Move) {
  const isCarried = rank && after === undefined;
  if (!rank && !more) return null;
  return (
    <span className={style.more}>
      {rank && <strong>{rankText(rank)}</strong>}
      {isCarried && <span>because others move</span>}
      {more && <span>{more}</span>}
    </span>
  );
}
