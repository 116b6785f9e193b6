import { useSearchParams } from 'react-router';
import { Announcer } from './announcer.js';
import { BoardHead } from './board-head.js';
import { BoardTable } from './board-table.js';
import { BoardTools } from './board-tools.js';
import style from './board-page.module.css';
import { isShown, readFilter } from './filter.js';
import { LogPanel } from './log-panel.js';
import { NoAppYet, NothingHeardYet } from './no-rows.js';
import { OwnStrip } from './own-strip.js';
import { StaleNote } from './stale-note.js';
import { comparedEndpoints } from '../api/board-state.js';
import { useOwnApps } from '../api/own-apps.js';
import { useLiveBoard } from '../api/use-live-board.js';
import { usePageTitle } from '../shell/page-title.js';

/** The board: who is in sync, live. Filter, search and kiosk are in the address, so that a view can be shared. */
export function BoardPage() {
  usePageTitle('Board');
  const live = useLiveBoard();
  const [params, setParams] = useSearchParams();
  const ownIds = new Set(useOwnApps().map(({ appId }) => appId));
  const isKiosk = params.get('kiosk') === '1';
  const filter = readFilter(params);
  const { rows } = live.board;

  const setFilter = (name: 'verdict' | 'search', value: string | null) =>
    setParams(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true, preventScrollReset: true },
    );

  if (live.lastHeardAt === null) return <NothingHeardYet />;
  const shown = rows.filter((row) => ownIds.has(row.appId) || isShown(row, filter));
  return (
    <>
      <div className={style.page}>
        <BoardHead live={live} chosen={filter.verdict} onChoose={(verdict) => setFilter('verdict', verdict)} />
        <StaleNote live={live} />
        {!isKiosk && <OwnStrip rows={rows.filter((row) => ownIds.has(row.appId))} />}
        {rows.length === 0 ? (
          <NoAppYet />
        ) : (
          <>
            {!isKiosk && (
              <BoardTools
                search={filter.search}
                onSearch={(text) => setFilter('search', text)}
                shown={shown.length}
                total={rows.length}
              />
            )}
            <BoardTable
              rows={shown}
              endpoints={comparedEndpoints(rows)}
              ownIds={ownIds}
              pointedAt={params.get('app')}
            />
          </>
        )}
      </div>
      {!isKiosk && <LogPanel live={live} />}
      <Announcer rows={rows} />
    </>
  );
}
