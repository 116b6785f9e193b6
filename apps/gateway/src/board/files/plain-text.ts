import { downtimeText } from '#libs/contracts/src/downtime-words.js';
import type { BoardView } from '#libs/contracts/src/gateway.js';

const titles = ['RANK', 'APP', 'VERDICT', 'DIFFERENT', 'LOST', 'DOWNTIME', 'COMPARED', ''];

/** For terminals: one line per app, best first. Control characters of names are shown as spaces: they could move the cursor. */
export function toPlainText({ rows, asOf, frozen, missing }: BoardView): string {
  const lines = rows.map((row) => {
    const isJudged = row.verdict === 'in-sync' || row.verdict === 'out-of-sync';
    const figures = isJudged ? [String(row.rowsDifferent), String(row.lostAfterAck)] : ['–', '–'];
    const compared = row.comparedAt ? toSecond(row.comparedAt) : '–';
    const rank = row.rank === null ? '–' : String(row.rank);
    return [rank, row.name, row.verdict, ...figures, downtimeText(row.downtime), compared, row.sentence];
  });
  const table = [titles, ...lines].map((cells) => cells.map(plain));
  const widths = titles.map((_, column) => Math.max(...table.map((cells) => [...cells[column]!].length)));
  const padded = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell + ' '.repeat(widths[column]! - [...cell].length))
      .join('  ')
      .trimEnd();
  const head = `Lockstep, the board as of ${toSecond(asOf)}`;
  const notes = [
    ...(frozen ? [frozenNote(frozen)] : []),
    ...(missing.length > 0 ? [`No answer from ${missing.join(', ')}: what they own may be old.`] : []),
    ...(rows.length === 0 ? ['No app takes part.'] : []),
  ];
  return `${[head, ...notes, '', ...(rows.length > 0 ? table.map(padded) : [])].join('\n').trimEnd()}\n`;
}

const frozenNote = ({ at, hides }: NonNullable<BoardView['frozen']>): string =>
  hides
    ? `Scoreboard frozen at ${toSecond(at)} – results after that are hidden`
    : `You are seeing live data; for everybody else the scoreboard is frozen at ${toSecond(at)}`;

/** "2026-11-26 15:00:07 UTC" */
const toSecond = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;

// eslint-disable-next-line no-control-regex -- those are what is looked for
const unseen = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const plain = (text: string): string => text.replaceAll(unseen, ' ');
