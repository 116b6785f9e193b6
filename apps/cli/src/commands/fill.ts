import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { call } from '../api.js';
import { exitCode } from '../exit-code.js';
import { helpText } from '../help.js';
import { NotRunning } from '../installation.js';
import { LiveLine, say, sayJson, table } from '../terminal.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';
import { GetFill } from '#libs/contracts/src/filler.js';
import { RequestFill } from '#libs/contracts/src/submission.js';

export type Fill = NonNullable<ReplyOf<typeof GetFill>['fill']>;

export const fillCommand = (): Command =>
  new Command('fill')
    .description('fill baseline and apps with the same data, now')
    .option('--no-wait', 'start it and return')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        examples: [['fill', 'waits until every app’s part is done or given up']],
        codes: [
          '0 every app filled',
          '1 some refused or given up',
          '2 still open after 15 minutes, refused, or the lab does not run',
        ],
      }),
    )
    .action(async ({ wait, json }: { wait: boolean; json?: true }) => {
      const started = await call(RequestFill.reply, 'POST', '/api/v1/fills');
      if (!wait)
        return json
          ? sayJson(started)
          : say(`Fill ${started.number} started for ${started.targets} apps, the baseline included.`);
      const fill = await waitFor(started);
      if (json) sayJson(fill);
      else show(fill);
      process.exitCode = codeOf(fill);
    });

const askEveryMs = 250;
const waitMsMax = 900_000;

/** Parts are given up in the end, so this is longer than a fill may take; an open one is given back as it is. */
async function waitFor({ fillId, number }: ReplyOf<typeof RequestFill>): Promise<Fill> {
  const line = new LiveLine();
  const begun = Date.now();
  try {
    for (;;) {
      const { fill } = await call(GetFill.reply, 'GET', `/api/v1/fills/${fillId}`);
      const isLate = Date.now() - begun > waitMsMax;
      if (fill && (fill.closedAt || isLate)) return fill;
      if (isLate)
        throw new NotRunning(
          `Fill ${number} was requested, and the filler has not begun it in ${waitMsMax / 60_000} minutes.`,
        );
      line.show(fill ? liveText(fill, begun) : 'waiting for the filler');
      await sleep(askEveryMs);
    }
  } finally {
    line.clear();
  }
}

const isDone = ({ state }: Fill['parts'][number]): boolean => state !== 'due' && state !== 'filling';

function liveText({ parts }: Fill, begun: number): string {
  const acknowledged = parts.reduce((sum, part) => sum + part.acknowledged, 0);
  return `filling ${parts.filter(isDone).length}/${parts.length} apps · ${acknowledged} writes acknowledged · ${((Date.now() - begun) / 1_000).toFixed(1)} s`;
}

function show({ number, parts, closedAt }: Fill): void {
  const rows = parts.map((part) => [
    part.targetName,
    part.driver ?? '–',
    part.state,
    `${part.acknowledged} acknowledged`,
    `${part.refused} refused`,
    `${part.unknown} unknown`,
    part.note ?? '',
  ]);
  say(table(rows));
  const open = `is still open: ${parts.filter(isDone).length} of ${parts.length} apps are done`;
  say(`Fill ${number} ${closedAt ? 'closed' : open}.`);
}

export function codeOf({ parts, closedAt }: Pick<Fill, 'parts' | 'closedAt'>): number {
  if (!closedAt) return exitCode.unknown;
  return parts.every((part) => part.state === 'filled') ? exitCode.done : exitCode.failed;
}
