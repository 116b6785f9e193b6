import { useParams } from 'react-router';
import { AbsentApp } from './absent-app.js';
import style from './app-page.module.css';
import { AppComparisons } from './app-comparisons.js';
import { OwnerTools } from './owner-tools.js';
import { SendLog } from './send-log.js';
import { Standing } from './standing.js';
import { SubmittedAs } from './submitted-as.js';
import type { LiveState } from '../api/live-board.js';
import { useOwnApps } from '../api/own-apps.js';
import { useApps } from '../api/queries.js';
import { useLiveBoard } from '../api/use-live-board.js';
import { FreezeNote } from '../board/freeze-note.js';
import { LiveBadge } from '../board/live-badge.js';
import { StaleNote } from '../board/stale-note.js';
import { Crumbs } from '../parts/crumbs.js';
import { ForeignLink } from '../parts/foreign-link.js';
import { NoteGlyph } from '../parts/note-glyph.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Waiting } from '../parts/states.js';
import { useLate } from '../parts/use-late.js';
import { usePageTitle } from '../shell/page-title.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';
import type { ListedApp } from '#libs/contracts/src/submission.js';

/**
 * One app: how it stands, why, and every write that was sent to it. Name and address come from the board or, while that cannot
 * be read, from the list of who takes part: then everything but the standing is still here.
 */
export function AppPage() {
  const { appId = '' } = useParams();
  const live = useLiveBoard();
  const isOwn = useOwnApps().some((own) => own.appId === appId);
  const row = live.board.rows.find((one) => one.appId === appId);
  const isListed = (one: ListedApp) => one.appId === appId && one.withdrawnAt === null;
  // On the list and not on the board is a state that passes: it has just joined, or just left.
  const apps = useApps((list) => !row && (list === undefined || list.some(isListed)));
  const listed = apps.data?.find(isListed);
  const app = row ?? listed;
  usePageTitle(app?.name ?? 'App');
  if (app)
    return (
      <div className={style.page}>
        <AppHead app={app} row={row} live={live} />
        <StaleNote live={live} />
        <FreezeNote frozen={live.board.frozen} />
        {row ? <Standing row={row} board={live.board} /> : <NoStanding live={live} />}
        <AppComparisons appId={appId} newest={row?.comparisonId ?? null} />
        <SendLog appId={appId} isPresent isOwn={isOwn} />
      </div>
    );
  if (live.lastHeardAt === null && apps.error)
    return <ProblemNote error={apps.error} onRetry={() => void apps.refetch()} />;
  if (apps.isPending || isUnread(live)) return <Waiting forWhat="the app" more={waitingFor(live)} />;
  return <AbsentApp appId={appId} frozen={live.board.frozen} />;
}

/** The board may not have said yet who is on it: nothing heard at all, or its owner has not answered since the start. */
const isUnread = ({ lastHeardAt, board }: LiveState): boolean =>
  lastHeardAt === null || (board.revision === 0 && board.missing.includes('leaderboard'));
const waitingFor = (live: LiveState): string =>
  live.lastHeardAt === null ? 'the live board does not answer yet' : 'the board cannot be read yet, on our side';

interface AppHeadProps {
  app: BoardRow | ListedApp;
  row: BoardRow | undefined;
  live: LiveState;
}

function AppHead({ app, row, live }: AppHeadProps) {
  return (
    <header className={style.head}>
      <Crumbs path={[{ label: 'Board', to: `/leaderboard?app=${app.appId}` }, { label: 'App' }]} />
      <div className={style.title}>
        <h1>{app.name}</h1>
        {app.team && <span className={style.team}>{app.team}</span>}
        {row && <LiveBadge live={live} />}
      </div>
      <SubmittedAs appId={app.appId} />
      <ForeignLink url={app.url} className={style.address} />
      <OwnerTools app={app} />
    </header>
  );
}

const patienceMs = 4_000;

/** Before the board has said how the app stands: for a blink when it has just joined, for longer when the board is away. */
function NoStanding({ live }: { live: LiveState }) {
  const isLate = useLate(patienceMs);
  if (!isLate) return <Waiting forWhat="how it stands" />;
  const words = isUnread(live)
    ? 'How it stands is not known here: the live board does not answer. This page tries again by itself; what is below is fresh.'
    : 'It takes part, and is not on the board yet. It appears here by itself.';
  return (
    <p className={style.unknown} role="status">
      <NoteGlyph />
      {words}
    </p>
  );
}
