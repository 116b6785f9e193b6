import { Command } from 'commander';
import { freezeCommand, thawCommand } from './board-freeze.js';
import { call } from '../api.js';
import { instantOf } from '../instant.js';
import { askingCodes, helpText } from '../help.js';
import { ago, grey, say, sayJson, table, toSecond, verdictText } from '../terminal.js';
import { downtimeText } from '#libs/contracts/src/downtime-words.js';
import { boardView, type BoardView } from '#libs/contracts/src/gateway.js';

export const boardCommand = (): Command =>
  new Command('board')
    .description('the board: show it, as it is or was; freeze and thaw it')
    .addCommand(showCommand(), { isDefault: true })
    .addCommand(freezeCommand())
    .addCommand(thawCommand());

const showCommand = (): Command =>
  new Command('show')
    .description('who is in sync, who lost what, who was down')
    .option('--at <time>', 'as it was then, such as 2026-11-26T15:00:00Z', instantOf)
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        examples: [
          ['board', 'one line per app, best first'],
          ['board --at 2026-11-26T15:00:00Z', 'as it was then'],
          ['board --json', 'with endpoints, fills and timers'],
        ],
        codes: askingCodes,
      }),
    )
    .action(async ({ at, json }: { at?: string; json?: true }) => {
      const board = await call(boardView, 'GET', `/api/v1/board${at ? `?at=${encodeURIComponent(at)}` : ''}`);
      if (json) return sayJson(board);
      for (const note of notesOn(board, at)) say(grey(note));
      if (board.rows.length > 0) return say(tableOf(board));
      if (board.missing.length > 0) return say('Nothing is known of the board.');
      say(at ? 'No app took part then.' : 'No app takes part yet. Submit one:  ./lockstep submit <name> <url>');
    });

function notesOn({ missing, frozen, asOf }: BoardView, at: string | undefined): string[] {
  return [
    ...(at ? [`As of ${toSecond(asOf)}.`] : []),
    ...(frozen?.hides ? [`Scoreboard frozen at ${toSecond(frozen.at)} – results after that are hidden.`] : []),
    ...(frozen?.hides === false
      ? [`You are seeing live data; for everybody else the scoreboard is frozen at ${toSecond(frozen.at)}.`]
      : []),
    ...(missing.length > 0 ? [`No answer from ${missing.join(', ')}: what they own may be old.`] : []),
  ];
}

function tableOf({ rows }: BoardView): string {
  const now = Date.now();
  const lines = rows.map((row) => [
    row.rank === null ? '–' : String(row.rank),
    row.name,
    verdictText(row.verdict),
    String(row.rowsDifferent),
    String(row.lostAfterAck),
    downtimeText(row.downtime),
    ago(row.comparedAt, now),
    row.sentence,
  ]);
  return table([['RANK', 'APP', 'VERDICT', 'DIFFERENT', 'LOST', 'DOWNTIME', 'COMPARED', ''], ...lines]);
}
