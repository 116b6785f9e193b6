import { useCallback } from 'react';
import { useSearchParams } from 'react-router';
import { Announcer } from './announcer.js';
import { BoardHead } from './board-head.js';
import { BoardTable } from './board-table.js';
import { BoardTools } from './board-tools.js';
import style from './board-page.module.css';
import { isShown, readFilter } from './filter.js';
import { FreezeNote } from './freeze-note.js';
import { KioskFoot, useKioskPages } from './kiosk.js';
import { LogPanel, SkipToLog } from './log-panel.js';
import { NoAppThen, NoAppYet, NotReadableYet, NothingHeardYet } from './no-rows.js';
import { OwnStrip } from './own-strip.js';
import { StaleNote } from './stale-note.js';
import { TimeScrub } from './time-scrub.js';
import { timeIn, usePastBoard, type PastBoard } from './use-past-board.js';
import { comparedEndpoints, type BoardState } from '../api/board-state.js';
import type { LiveState } from '../api/live-board.js';
import { useOwnApps } from '../api/own-apps.js';
import { useLiveBoard } from '../api/use-live-board.js';
import { ProblemNote } from '../parts/problem-note.js';
import { usePageTitle } from '../shell/page-title.js';

/** The board: who is in sync, live or at a time. Filter, search, kiosk and time are in the address, so that a view can be shared. */
export function BoardPage() {
  usePageTitle('Board');
  const live = useLiveBoard();
  const { isKiosk, at } = useView();
  const { past, problem, retry } = usePastBoard(at, live);
  if (live.lastHeardAt === null) return <NothingHeardYet />;
  return (
    <>
      {!isKiosk && <SkipToLog />}
      <Board live={past?.shown ?? live} past={past} end={live.board}>
        {problem && <ProblemNote error={problem} onRetry={retry} />}
      </Board>
      {!isKiosk && <LogPanel live={live} />}
      {!past && <Announcer rows={live.board.rows} />}
    </>
  );
}

/** What the address says of the view, and how to change it. */
function useView() {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (name: 'verdict' | 'search' | 'kiosk' | 'at', value: string | null) =>
      setParams(
        (before) => {
          if (value) before.set(name, value);
          else before.delete(name);
          return before;
        },
        { replace: true, preventScrollReset: true },
      ),
    [setParams],
  );
  return {
    filter: readFilter(params),
    isKiosk: params.get('kiosk') === '1',
    pointedAt: params.get('app'),
    at: timeIn(params),
    set,
  };
}

interface BoardProps {
  /** What is shown: live, or as it was. */
  live: LiveState;
  past: PastBoard | null;
  /** The newest board that there is. */
  end: BoardState;
  /** Why the board of the time that was asked for is not shown. */
  children: React.ReactNode;
}

function Board({ live, past, end, children }: BoardProps) {
  const { filter, isKiosk, pointedAt, at, set } = useView();
  const { rows, revision, missing } = live.board;
  const ownIds = new Set(useOwnApps().map(({ appId }) => appId));
  const shown = rows.filter((row) => ownIds.has(row.appId) || isShown(row, filter));
  const { board, page, turn } = useKioskPages(shown, isKiosk);
  const leave = useCallback(() => set('kiosk', null), [set]);
  const isUnread = revision === 0 && missing.includes('leaderboard');
  return (
    <div ref={board} className={style.page}>
      <BoardHead
        live={live}
        past={past}
        isUnread={isUnread}
        chosen={filter.verdict}
        onChoose={(verdict) => set('verdict', verdict)}
      />
      <FreezeNote frozen={end.frozen} />
      {!isKiosk && end.since && (
        <TimeScrub
          at={at}
          since={end.since}
          frozenAt={end.frozen?.hides ? end.frozen.at : null}
          onChange={(to) => set('at', to)}
        />
      )}
      {children}
      {!isUnread && !past && <StaleNote live={live} />}
      {!isKiosk && <OwnStrip rows={rows.filter((row) => ownIds.has(row.appId))} board={live.board} />}
      {isUnread && <NotReadableYet />}
      {!isUnread && rows.length === 0 && (past ? <NoAppThen at={past.at} /> : <NoAppYet />)}
      {rows.length > 0 && (
        <>
          {!isKiosk && (
            <BoardTools
              search={filter.search}
              onSearch={(text) => set('search', text)}
              shown={shown.length}
              total={rows.length}
              onProject={() => set('kiosk', '1')}
              at={at}
            />
          )}
          <BoardTable
            rows={page.rows}
            endpoints={comparedEndpoints(rows)}
            ownIds={ownIds}
            pointedAt={pointedAt}
            total={shown.length}
          />
        </>
      )}
      {isKiosk && <KioskFoot page={page} onTurn={turn} onLeave={leave} />}
    </div>
  );
}
