import { memo, useRef } from 'react';
import { IconTimeline } from '@tabler/icons-react';
import { Link } from 'react-router';
import style from './board-row.module.css';
import { useOutlinedChanges } from './outlined-changes.js';
import { shownCell, shownDowntime, shownFigures } from './shown.js';
import { ByStaff } from '../parts/by-staff.js';
import { shortAddress } from '../parts/foreign-address.js';
import { comparisonPath, tracePath, windowPath } from '../parts/paths.js';
import { count } from '../parts/quantities.js';
import { Spark } from '../parts/spark.js';
import { Age } from '../parts/time.js';
import { VerdictGlyph, VerdictTag } from '../parts/verdict.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

type Endpoint = { readonly path: string; readonly label: string };

interface BoardRowProps {
  row: BoardRow;
  endpoints: readonly Endpoint[];
  isOwn: boolean;
}

/** One app. The name is the only stop of the keyboard; arrows go on from there (see row-keys.ts). */
export const BoardRowView = memo(
  function BoardRowView({ row, endpoints, isOwn }: BoardRowProps) {
    const element = useRef<HTMLDivElement>(null);
    useOutlinedChanges(element, row);
    const { different, lost, why } = shownFigures(row);
    return (
      <div ref={element} role="row" className={style.row} data-row={row.appId} data-own={isOwn || undefined}>
        <span role="cell" className={`${style.rank} mono`} data-cell="rank">
          {row.rank ?? '–'}
        </span>
        <span role="cell" className={style.app}>
          <Link to={`/apps/${row.appId}`} className={style.name} title={row.name}>
            {row.name}
          </Link>
          {isOwn && <span className={style.you}>yours</span>}
          {row.team && <span className={style.team}>{row.team}</span>}
          <span className={style.address}>{shortAddress(row.url)}</span>
        </span>
        <VerdictCell row={row} />
        {endpoints.map((endpoint) => (
          <EndpointCell key={endpoint.path} row={row} endpoint={endpoint} />
        ))}
        {endpoints.length === 0 && <span role="cell" />}
        <Quantity name="different" value={different} label="Different" why={why} />
        <Quantity name="lost" value={lost} label="Lost" why={why} />
        <DowntimeCell row={row} />
        <span role="cell" className={style.recent}>
          <Spark recent={row.recent} />
        </span>
        <span role="cell" className={style.age}>
          {row.comparedAt ? <Age at={row.comparedAt} suffix="" /> : <span className={style.never}>not yet</span>}
        </span>
        <span role="cell" className={style.trace}>
          {row.traceId && (
            <Link
              to={tracePath(row.traceId, row.comparisonId)}
              aria-label={`Trace of the verdict on ${row.name}`}
              title="Trace"
              tabIndex={-1}
            >
              <IconTimeline size={16} stroke={1.6} />
            </Link>
          )}
        </span>
      </div>
    );
  },
  (before, after) =>
    before.row === after.row &&
    before.isOwn === after.isOwn &&
    before.endpoints.length === after.endpoints.length &&
    before.endpoints.every(({ path }, index) => path === after.endpoints[index]!.path),
);

/** Where `t` on a cell leads to. */
const traceOf = ({ traceId, comparisonId }: BoardRow) => (traceId ? tracePath(traceId, comparisonId) : undefined);

function VerdictCell({ row }: { row: BoardRow }) {
  const tag = (
    <>
      <VerdictTag verdict={row.verdict} />
      <ByStaff override={row.override} />
    </>
  );
  return (
    <span role="cell" className={style.verdict} data-cell="verdict" data-tip data-overruled={row.override && true}>
      {row.comparisonId ? (
        <Link to={comparisonPath(row.comparisonId)} tabIndex={-1} data-trace={traceOf(row)}>
          {tag}
        </Link>
      ) : (
        <span>{tag}</span>
      )}
    </span>
  );
}

function EndpointCell({ row, endpoint }: { row: BoardRow; endpoint: Endpoint }) {
  const { path, label } = endpoint;
  const cell = shownCell(row, endpoint);
  if (!cell)
    return (
      <span role="cell" className={style.endpoint} data-label={label}>
        <span className={style.never}>–</span>
      </span>
    );
  const content = (
    <>
      <VerdictGlyph verdict={cell.verdict} />
      {cell.off !== null && cell.off > 0 && <span className="mono">{count(cell.off)}</span>}
    </>
  );
  return (
    <span role="cell" className={style.endpoint} data-cell={path} data-tip data-label={label}>
      {row.comparisonId ? (
        <Link
          to={comparisonPath(row.comparisonId, path)}
          tabIndex={-1}
          aria-label={cell.words}
          data-trace={traceOf(row)}
        >
          {content}
        </Link>
      ) : (
        <span>
          {content}
          <span className="hidden-text">{cell.words}</span>
        </span>
      )}
    </span>
  );
}

function DowntimeCell({ row }: { row: BoardRow }) {
  const { glyph, text, words } = shownDowntime(row);
  const { appId, downtime } = row;
  return (
    <span
      role="cell"
      className={`${style.quantity} ${style.downtime}`}
      data-cell="downtime"
      data-label="Downtime"
      title={words}
    >
      {downtime ? (
        <Link to={windowPath(appId, downtime.windowId)} tabIndex={-1} aria-label={words} data-proof={downtime.verdict}>
          <span aria-hidden="true">{glyph}</span>
          <span className={downtime.ms === null ? undefined : 'mono'}>{text}</span>
        </Link>
      ) : (
        <span className={style.never}>{text}</span>
      )}
    </span>
  );
}

interface QuantityProps {
  name: string;
  value: number | null;
  label: string;
  /** Why there is no value. */
  why: string | null;
}

function Quantity({ name, value, label, why }: QuantityProps) {
  return (
    <span role="cell" className={`${style.quantity} mono`} data-cell={name} data-label={label} title={why ?? undefined}>
      {value === null ? (
        <span className={style.never}>
          <span aria-hidden="true">–</span>
          <span className="hidden-text">{why}</span>
        </span>
      ) : (
        <span data-zero={value === 0 || undefined}>{count(value)}</span>
      )}
    </span>
  );
}
