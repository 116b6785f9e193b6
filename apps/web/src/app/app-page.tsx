import { Link, useParams } from 'react-router';
import style from './app-page.module.css';
import { AppComparisons } from './app-comparisons.js';
import { OwnerTools } from './owner-tools.js';
import { SendLog } from './send-log.js';
import { useApps } from '../api/queries.js';
import { useLiveBoard } from '../api/use-live-board.js';
import { LiveBadge } from '../board/live-badge.js';
import { Crumbs } from '../parts/crumbs.js';
import { ForeignLink } from '../parts/foreign-link.js';
import { ProblemNote } from '../parts/problem-note.js';
import { count } from '../parts/quantities.js';
import { ShareBar } from '../parts/share-bar.js';
import { Spark } from '../parts/spark.js';
import { Empty, Waiting } from '../parts/states.js';
import { Age } from '../parts/time.js';
import { VerdictTag } from '../parts/verdict.js';
import { usePageTitle } from '../shell/page-title.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

/** One app: how it stands, why, and every write that was sent to it. */
export function AppPage() {
  const { appId = '' } = useParams();
  const live = useLiveBoard();
  const apps = useApps();
  const row = live.board.rows.find((one) => one.appId === appId);
  usePageTitle(row?.name ?? 'App');
  if (row)
    return (
      <div className={style.page}>
        <header className={style.head}>
          <Crumbs path={[{ label: 'Board', to: `/leaderboard?app=${appId}` }, { label: 'App' }]} />
          <div className={style.title}>
            <h1>{row.name}</h1>
            {row.team && <span className={style.team}>{row.team}</span>}
            <LiveBadge live={live} />
          </div>
          <ForeignLink url={row.url} className={style.address} />
          <OwnerTools app={row} />
        </header>
        <Standing row={row} apps={live.board.rows.length} />
        <AppComparisons appId={appId} newest={row.comparisonId} />
        <SendLog appId={appId} />
      </div>
    );
  if (apps.error) return <ProblemNote error={apps.error} onRetry={() => void apps.refetch()} />;
  if (live.lastHeardAt === null || apps.isPending) return <Waiting forWhat="the app" />;
  return (
    <div>
      <h1 className="hidden-text">App</h1>
      <Empty title="This app does not take part">
        <p>
          It was withdrawn, or the address is wrong. <Link to="/leaderboard">The board</Link> shows who takes part.
        </p>
      </Empty>
      <SendLog appId={appId} />
    </div>
  );
}

function Standing({ row, apps }: { row: BoardRow; apps: number }) {
  return (
    <section className={style.standing} aria-label="Standing">
      <VerdictTag verdict={row.verdict} wash />
      <p className={style.sentence}>{row.sentence}</p>
      <dl className={style.figures}>
        <Figure label="Rank">{row.rank === null ? 'not ranked yet' : `${row.rank} of ${count(apps)}`}</Figure>
        <Figure label="Writes acknowledged">{count(row.acknowledged)}</Figure>
        <Figure label="Lost after that">{count(row.lostAfterAck)}</Figure>
        <Figure label="Refused">{count(row.refused)}</Figure>
        <Figure label="Last verdicts">
          <Spark recent={row.recent} />
        </Figure>
        <Figure label={row.inSyncSince ? 'In sync since' : 'Compared'}>
          {row.inSyncSince || row.comparedAt ? <Age at={(row.inSyncSince ?? row.comparedAt)!} /> : 'not yet'}
        </Figure>
      </dl>
      {row.endpoints.length > 0 && (
        <ul className={style.endpoints}>
          {row.endpoints.map((endpoint) => (
            <li key={endpoint.path}>
              <Link to={`/comparisons/${row.comparisonId}?endpoint=${encodeURIComponent(endpoint.path)}`}>
                {endpoint.label}
              </Link>
              <ShareBar endpoint={endpoint} />
              <VerdictTag verdict={endpoint.verdict} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Figure({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="figures">{children}</dd>
    </div>
  );
}
