import type { BoardView } from '#libs/contracts/src/gateway.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

type Cell = string | number | null;

const columns: readonly (readonly [title: string, cell: (row: BoardRow) => Cell])[] = [
  ['rank', (row) => row.rank],
  ['name', (row) => row.name],
  ['team', (row) => row.team],
  ['url', (row) => row.url],
  ['verdict', (row) => row.verdict],
  ['endpoints_in_sync', (row) => row.endpoints.filter(({ verdict }) => verdict === 'in-sync').length],
  ['endpoints', (row) => row.endpoints.length],
  ['rows_different', (row) => row.rowsDifferent],
  ['acknowledged', (row) => row.acknowledged],
  ['lost_after_acknowledgement', (row) => row.lostAfterAck],
  ['writes_refused', (row) => row.refused],
  ['in_sync_since', (row) => row.inSyncSince],
  ['compared_at', (row) => row.comparedAt],
  ['joined_at', (row) => row.joinedAt],
  ['sentence', (row) => row.sentence],
  ['app_id', (row) => row.appId],
  ['comparison_id', (row) => row.comparisonId],
  ['downtime_ms', (row) => row.downtime?.ms ?? null],
  ['downtime_verdict', (row) => row.downtime?.verdict ?? null],
  ['downtime_window_id', (row) => row.downtime?.windowId ?? null],
  ['overruled_by', ({ override }) => override?.by ?? null],
  ['overruled_reason', ({ override }) => override?.reason ?? null],
  ['machine_verdict', ({ override }) => override?.machine.verdict ?? null],
  ['machine_sentence', ({ override }) => override?.machine.sentence ?? null],
];

/**
 * RFC 4180, one line per app, best first. Counts are those of the last judgement, whatever the verdict says now. Columns that are new
 * go to the end: scripts count them. `downtime_ms` is empty for who was not measured; the last four say what the comparison itself said,
 * where staff overruled it.
 */
export const toCsv = ({ rows }: BoardView): string =>
  [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, cell]) => cell(row)))]
    .map((cells) => `${cells.map(csvCell).join(',')}\r\n`)
    .join('');

/** What spreadsheets take for the begin of a formula, in full width too. */
const formula = '=+\\-@\uff1d\uff0b\uff0d\uff20';
/** At the begin of a cell, also behind blanks, and where a program that cuts at other marks than commas would begin one. */
const atBegin = new RegExp(`^(?=[\\s\\0]*[${formula}]|[\\t\\r\\n])|(?<=[;|\\t\\r\\n,])(?=\\s*[${formula}])`, 'g');

/** A text that begins like a formula is a formula for spreadsheets: an apostrophe makes it a text. */
function csvCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = value.replaceAll(atBegin, "'");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
