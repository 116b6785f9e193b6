import { Command } from 'commander';
import { call } from '../api.js';
import { askingCodes, helpText } from '../help.js';
import { ago, grey, say, sayJson, table, verdictText } from '../terminal.js';
import { boardView } from '#libs/contracts/src/gateway.js';

export const boardCommand = (): Command =>
  new Command('board')
    .description('the board: who is in sync, who lost what')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        examples: [
          ['board', 'one line per app, best first'],
          ['board --json', 'with endpoints, fills and timers'],
        ],
        codes: askingCodes,
      }),
    )
    .action(async ({ json }: { json?: true }) => {
      const board = await call(boardView, 'GET', '/api/v1/board');
      if (json) return sayJson(board);
      const missing = board.missing.join(', ');
      if (missing) say(grey(`No answer from ${missing}: what they own may be old.`));
      if (board.rows.length === 0)
        return say(
          missing
            ? 'Nothing is known of the board.'
            : 'No app takes part yet. Submit one:  ./lockstep submit <name> <url>',
        );
      const now = Date.now();
      const rows = board.rows.map((row) => [
        row.rank === null ? '–' : String(row.rank),
        row.name,
        verdictText(row.verdict),
        String(row.rowsDifferent),
        String(row.lostAfterAck),
        ago(row.comparedAt, now),
        row.sentence,
      ]);
      say(table([['RANK', 'APP', 'VERDICT', 'DIFFERENT', 'LOST', 'COMPARED', ''], ...rows]));
    });
