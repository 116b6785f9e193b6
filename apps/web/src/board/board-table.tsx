import { useEffect, useRef } from 'react';
import { BoardRowView } from './board-row.js';
import style from './board-table.module.css';
import { CellTip } from './cell-tip.js';
import { SlidingRows } from './sliding-rows.js';
import { useCellTip } from './use-cell-tip.js';
import { Empty } from '../parts/states.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

interface BoardTableProps {
  rows: readonly BoardRow[];
  endpoints: readonly { path: string; label: string }[];
  ownIds: ReadonlySet<string>;
  /** An app that the address points at: shown, and marked once. */
  pointedAt: string | null;
  /** Rows in all, when these are only a page of them. */
  total: number;
}

const keysId = 'board-keys';

export function BoardTable({ rows, endpoints, ownIds, pointedAt, total }: BoardTableProps) {
  const table = useRef<HTMLDivElement>(null);
  const tip = useCellTip(table);
  usePointedRow(table, pointedAt);
  if (rows.length === 0) return <Empty title="No app matches">Choose another verdict, or search for less.</Empty>;
  return (
    <>
      <p id={keysId} className="hidden-text">
        Arrow keys go from the name of an app through its cells, and up and down through the apps.
      </p>
      <div
        ref={table}
        className={style.table}
        role="table"
        aria-label="Standings"
        aria-rowcount={total + 1}
        style={{ '--endpoints': Math.max(1, endpoints.length) } as React.CSSProperties}
        aria-describedby={keysId}
        {...tip.handlers}
      >
        <div role="rowgroup" className={style.top}>
          <div role="row" className={style.titles}>
            <Title label="Rank" />
            <Title label="App" />
            <Title label="Verdict" />
            {endpoints.map(({ path, label }) => (
              <Title key={path} label={label} hint={`Rows that differ at ${path}`} />
            ))}
            {endpoints.length === 0 && <Title label="Endpoints" />}
            <Title label="Different" hint="Rows missing, changed or doubled, and figures that do not follow" isFigure />
            <Title label="Lost" hint="Rows that the app acknowledged and does not show any more" isFigure />
            <Title label="Downtime" hint="In the worst window of its last day under watch" isFigure />
            <Title label="Last 20" hint="The last twenty verdicts, the newest at the right" isRecent />
            <Title label="Compared" hint="How long ago" isFigure />
            <Title label="Trace" isIcon />
          </div>
        </div>
        <SlidingRows order={rows.map(({ appId }) => appId).join()}>
          {rows.map((row) => (
            <BoardRowView key={row.appId} row={row} endpoints={endpoints} isOwn={ownIds.has(row.appId)} />
          ))}
        </SlidingRows>
        {tip.shown && (
          <CellTip {...tip.shown} row={rows.find((row) => row.appId === tip.shown?.appId)} handlers={tip.tipHandlers} />
        )}
      </div>
    </>
  );
}

interface TitleProps {
  label: string;
  hint?: string;
  isFigure?: boolean;
  isIcon?: boolean;
  isRecent?: boolean;
}

function Title({ label, hint, isFigure, isIcon, isRecent }: TitleProps) {
  return (
    <span role="columnheader" title={hint} className={isFigure ? style.figure : isRecent ? style.recent : undefined}>
      <span className={isIcon ? 'hidden-text' : undefined}>{label}</span>
      {hint && <span className="hidden-text">: {hint}</span>}
    </span>
  );
}

function usePointedRow(table: React.RefObject<HTMLElement | null>, appId: string | null): void {
  const done = useRef<string | null>(null);
  useEffect(() => {
    if (!appId || done.current === appId) return;
    const row = table.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(appId)}"]`);
    if (!row) return;
    done.current = appId;
    row.dataset.pointed = 'true';
    row.scrollIntoView({ block: 'center' });
  });
}
