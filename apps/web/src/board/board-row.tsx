import { memo, useRef } from 'react';
import { IconTimeline } from '@tabler/icons-react';
import { Link } from 'react-router';
import style from './board-row.module.css';
import { useOutlinedChanges } from './outlined-changes.js';
import { shortAddress } from '../parts/foreign-link.js';
import { count } from '../parts/quantities.js';
import { Spark } from '../parts/spark.js';
import { Age } from '../parts/time.js';
import { VerdictGlyph, VerdictTag, verdictWords } from '../parts/verdict.js';
import type { EndpointParity } from '#libs/contracts/src/comparator.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

interface BoardRowProps {
  row: BoardRow;
  endpoints: readonly { path: string; label: string }[];
  isOwn: boolean;
}

export const BoardRowView = memo(
  function BoardRowView({ row, endpoints, isOwn }: BoardRowProps) {
    const element = useRef<HTMLDivElement>(null);
    useOutlinedChanges(element, row);
    const comparison = row.comparisonId && `/comparisons/${row.comparisonId}`;
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
        <span role="cell" className={style.verdict} data-cell="verdict" data-tip>
          {comparison ? (
            <Link to={comparison} data-trace={row.traceId ?? undefined}>
              <VerdictTag verdict={row.verdict} />
            </Link>
          ) : (
            <VerdictTag verdict={row.verdict} />
          )}
        </span>
        {endpoints.map(({ path, label }) => (
          <EndpointCell
            key={path}
            row={row}
            label={label}
            endpoint={row.endpoints.find((endpoint) => endpoint.path === path)}
            path={path}
          />
        ))}
        {endpoints.length === 0 && <span role="cell" />}
        <Quantity name="different" value={row.rowsDifferent} label="Different" />
        <Quantity name="lost" value={row.lostAfterAck} label="Lost" />
        <span role="cell" className={style.recent}>
          <Spark recent={row.recent} />
        </span>
        <span role="cell" className={style.age}>
          {row.comparedAt ? <Age at={row.comparedAt} suffix="" /> : <span className={style.never}>not yet</span>}
        </span>
        <span role="cell" className={style.trace}>
          {row.traceId && (
            <Link to={`/traces/${row.traceId}`} aria-label={`Trace of the verdict on ${row.name}`} title="Trace">
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

export const differing = ({ missing, changed, doubled }: EndpointParity): number => missing + changed + doubled;

interface EndpointCellProps {
  row: BoardRow;
  label: string;
  path: string;
  endpoint: EndpointParity | undefined;
}

function EndpointCell({ row, label, path, endpoint }: EndpointCellProps) {
  if (!endpoint)
    return (
      <span role="cell" className={style.endpoint} data-label={label}>
        <span className={style.never}>–</span>
      </span>
    );
  const off = differing(endpoint);
  const words = `${label}: ${verdictWords[endpoint.verdict].word}, ${count(off)} rows different, ${count(endpoint.matched)} matched`;
  const content = (
    <>
      <VerdictGlyph verdict={endpoint.verdict} />
      {off > 0 && <span className="mono">{count(off)}</span>}
    </>
  );
  return (
    <span role="cell" className={style.endpoint} data-cell={path} data-tip data-label={label}>
      {row.comparisonId ? (
        <Link
          to={`/comparisons/${row.comparisonId}?endpoint=${encodeURIComponent(path)}`}
          aria-label={words}
          data-trace={row.traceId ?? undefined}
        >
          {content}
        </Link>
      ) : (
        content
      )}
    </span>
  );
}

function Quantity({ name, value, label }: { name: string; value: number; label: string }) {
  return (
    <span role="cell" className={`${style.quantity} mono`} data-cell={name} data-label={label}>
      <span data-zero={value === 0 || undefined}>{count(value)}</span>
    </span>
  );
}
