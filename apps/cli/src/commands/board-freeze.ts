import { Command } from 'commander';
import { call } from '../api.js';
import { instantOf } from '../instant.js';
import { helpText } from '../help.js';
import { say, sayJson, toSecond } from '../terminal.js';
import { FreezeBoard, ThawBoard } from '#libs/contracts/src/leaderboard.js';

const codes = ['0 done', '2 refused (it is so already), or the lab does not run', '64 wrong command line'];

export const freezeCommand = (): Command =>
  new Command('freeze')
    .description('hide from everybody but staff what comes from now on')
    .option('--at <time>', 'as of a time that has passed, such as 2026-11-26T15:00:00Z', instantOf)
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        examples: [
          ['board freeze', 'the scoreboard stands still; fills and comparisons go on'],
          ['board freeze --at 2026-11-26T15:00:00Z', 'as it was then'],
        ],
        codes,
      }),
    )
    .action(async ({ at, json }: { at?: string; json?: true }) => {
      const done = await call(FreezeBoard.reply, 'POST', '/api/v1/board/freeze', at ? { at } : {});
      if (json) return sayJson(done);
      say(`The scoreboard is frozen at ${toSecond(done.frozen.at)}: what comes after is shown to staff only.`);
      say('Show it to everybody again:  ./lockstep board thaw');
    });

export const thawCommand = (): Command =>
  new Command('thaw')
    .description('show everything to everybody again')
    .option('--json', 'one JSON document')
    .addHelpText('after', helpText({ examples: [['board thaw', 'ends the freeze']], codes }))
    .action(async ({ json }: { json?: true }) => {
      const done = await call(ThawBoard.reply, 'DELETE', '/api/v1/board/freeze');
      if (json) return sayJson(done);
      say(`The scoreboard is live again; it was frozen at ${toSecond(done.wasFrozenAt)}.`);
    });
