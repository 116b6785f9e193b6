import { Link } from 'react-router';
import style from './own-strip.module.css';
import { VerdictTag } from '../parts/verdict.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

const stripsMax = 3;

/** What a student came for: how the own app stands, in one sentence. */
export function OwnStrip({ rows }: { rows: readonly BoardRow[] }) {
  return rows.slice(0, stripsMax).map((row) => (
    <section key={row.appId} className={style.strip} aria-label="Your app">
      <VerdictTag verdict={row.verdict} wash />
      <p>
        <Link to={`/apps/${row.appId}`} className={style.name}>
          {row.name}
        </Link>
        {row.rank !== null && <span className={style.rank}>rank {row.rank}</span>}
        {row.sentence}
      </p>
      {row.comparisonId && (
        <Link to={`/comparisons/${row.comparisonId}`} className={style.why}>
          Why
        </Link>
      )}
    </section>
  ));
}
