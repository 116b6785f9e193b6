import { Link } from 'react-router';
import { NextStep } from './next-step.js';
import style from './own-strip.module.css';
import type { BoardState } from '../api/board-state.js';
import { ByStaff } from '../parts/by-staff.js';
import { comparisonPath } from '../parts/paths.js';
import { VerdictTag } from '../parts/verdict.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

const stripsMax = 3;

/** What a student came for: how the own app stands, in one sentence. */
export function OwnStrip({ rows, board }: { rows: readonly BoardRow[]; board: BoardState }) {
  return rows.slice(0, stripsMax).map((row) => (
    <section key={row.appId} className={style.strip} aria-label="Your app">
      <VerdictTag verdict={row.verdict} wash />
      <ByStaff override={row.override} />
      <p>
        <Link to={`/apps/${row.appId}`} className={style.name}>
          {row.name}
        </Link>
        {row.rank !== null && <span className={style.rank}> rank {row.rank}</span>} {row.sentence}
        <NextStep row={row} board={board} />
      </p>
      {row.comparisonId && (
        <Link to={comparisonPath(row.comparisonId)} className={style.why}>
          Why
        </Link>
      )}
    </section>
  ));
}
