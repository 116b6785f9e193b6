import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { comparisonPath } from './paths.js';
import style from './verdict-moves.module.css';
import { VerdictTag } from './verdict.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

export interface Move {
  readonly comparisonId: string;
  readonly appName: string;
  /** Undefined for who has none yet. */
  readonly before: Verdict | undefined;
  readonly after: Verdict;
  /** A line below. */
  readonly more?: ReactNode;
}

/** What apps would get by something that is not published yet: another verdict, or the same one with other differences. */
export function VerdictMoves({ moves }: { moves: readonly Move[] }) {
  if (moves.length === 0) return null;
  return (
    <ul className={style.moves}>
      {moves.map(({ comparisonId, appName, before, after, more }) => (
        <li key={comparisonId}>
          <Link to={comparisonPath(comparisonId)}>{appName}</Link>
          <span className={style.verdicts}>
            {before && <VerdictTag verdict={before} />}
            {before !== after && (
              <>
                <span aria-label="becomes">→</span>
                <VerdictTag verdict={after} />
              </>
            )}
          </span>
          {more && <span className={style.more}>{more}</span>}
        </li>
      ))}
    </ul>
  );
}
