import { Link } from 'react-router';
import style from './app-page.module.css';
import type { BoardState } from '../api/board-state.js';
import { NextStep } from '../board/next-step.js';
import { shownDowntime, shownFigures } from '../board/shown.js';
import { OverrideNote, shortSentence } from '../overrides/override-note.js';
import { isJudged } from '../parts/endpoint-words.js';
import { comparisonPath, windowPath } from '../parts/paths.js';
import { count } from '../parts/quantities.js';
import { ShareBar } from '../parts/share-bar.js';
import { Spark } from '../parts/spark.js';
import { Age } from '../parts/time.js';
import { VerdictTag } from '../parts/verdict.js';
import type { EndpointParity } from '#libs/contracts/src/comparator.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

/** How an app stands: the sentence, what comes next, the figures, where. */
export function Standing({ row, board }: { row: BoardRow; board: BoardState }) {
  const { lost, why } = shownFigures(row);
  return (
    <section className={style.standing} aria-label="Standing">
      <VerdictTag verdict={row.verdict} wash />
      <p className={style.sentence}>
        {shortSentence(row)}
        <NextStep row={row} board={board} />
      </p>
      <OverrideNote override={row.override} />
      <dl className={style.figures}>
        <Figure label="Rank">
          {row.rank === null ? 'not ranked yet' : `${row.rank} of ${count(board.rows.length)}`}
        </Figure>
        <Figure label="Compared">{row.comparedAt ? <Age at={row.comparedAt} /> : 'not yet'}</Figure>
        {row.verdict === 'in-sync' && row.inSyncSince && (
          <Figure label="In sync for">
            <Age at={row.inSyncSince} suffix="" />
          </Figure>
        )}
        <Figure label="Writes acknowledged">{count(row.acknowledged)}</Figure>
        <Figure label="Lost after that" title={why}>
          {lost === null ? '–' : count(lost)}
        </Figure>
        <Figure label="Refused">{count(row.refused)}</Figure>
        <Figure label="Downtime" title={shownDowntime(row).words}>
          <Downtime row={row} />
        </Figure>
        <Figure label="Last verdicts">
          <Spark recent={row.recent} />
        </Figure>
      </dl>
      {row.endpoints.length > 0 && <Endpoints row={row} />}
    </section>
  );
}

/** As on the board, with the way to the window that says it. */
function Downtime({ row }: { row: BoardRow }) {
  const { glyph, text, words } = shownDowntime(row);
  if (!row.downtime) return text;
  return (
    <Link to={windowPath(row.appId, row.downtime.windowId)} aria-label={words}>
      <span aria-hidden="true">{glyph}</span> {text}
    </Link>
  );
}

/** What each endpoint last said. When the newest verdict says nothing about them, they are marked as old and lead nowhere. */
function Endpoints({ row }: { row: BoardRow }) {
  const isOld = row.verdict === 'pending' || row.verdict === 'unknown';
  return (
    <div className={style.where}>
      {isOld && <p className={style.old}>As last judged</p>}
      <ul className={style.endpoints} data-old={isOld || undefined}>
        {row.endpoints.map((endpoint) => (
          <li key={endpoint.path}>
            {row.comparisonId && !isOld ? (
              <Link to={comparisonPath(row.comparisonId, endpoint.path)}>{endpoint.label}</Link>
            ) : (
              <span>{endpoint.label}</span>
            )}
            <ShareBar endpoint={endpoint} />
            <VerdictOf endpoint={endpoint} isOld={isOld} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Old words of failure are no news: only what was really judged is worth repeating. */
const VerdictOf = ({ endpoint, isOld }: { endpoint: EndpointParity; isOld: boolean }) =>
  isOld && !isJudged(endpoint.verdict) ? <span>not judged</span> : <VerdictTag verdict={endpoint.verdict} />;

function Figure({ label, title, children }: { label: string; title?: string | null; children: React.ReactNode }) {
  return (
    <div title={title ?? undefined}>
      <dt>{label}</dt>
      <dd className="figures">{children}</dd>
    </div>
  );
}
