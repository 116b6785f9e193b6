import { Command } from 'commander';
import { call } from '../api.js';
import { ago, grey, say, sayJson, table, verdictText } from '../terminal.js';
import type { BoardView } from '#libs/contracts/src/gateway.js';

export const boardCommand = (): Command =>
  new Command('board')
    .description('the board: who is in sync, who lost what')
    .option('--json', 'one JSON document')
    .action(async ({ json }: { json?: true }) => {
      const board = await call<BoardView>('GET', '/api/v1/board');
      if (json) return sayJson(board);
      if (board.rows.length === 0) return say('No app takes part yet. Submit one:  ./lockstep submit <name> <url>');
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
      if (board.missing.length > 0) say(grey(`No answer from ${board.missing.join(', ')}: what they own may be old.`));
    });
