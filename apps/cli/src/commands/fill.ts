import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { call } from '../api.js';
import { exitCode } from '../exit-code.js';
import { LiveLine, say, sayJson, table } from '../terminal.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';
import type { GetFill } from '#libs/contracts/src/filler.js';
import type { RequestFill } from '#libs/contracts/src/submission.js';

type Fill = NonNullable<ReplyOf<typeof GetFill>['fill']>;

export const fillCommand = (): Command =>
  new Command('fill')
    .description('fill baseline and apps with the same data, now')
    .option('--no-wait', 'start it and return')
    .option('--json', 'one JSON document')
    .addHelpText('after', '\nExit codes: 0 every app filled · 1 some refused or given up · 2 the lab does not run')
    .action(async ({ wait, json }: { wait: boolean; json?: true }) => {
      const started = await call<ReplyOf<typeof RequestFill>>('POST', '/api/v1/fills');
      if (!wait)
        return json
          ? sayJson(started)
          : say(`Fill ${started.number} started for ${started.targets} apps, the baseline included.`);
      const fill = await waitFor(started.fillId);
      if (json) sayJson(fill);
      else show(fill);
      process.exitCode = fill.parts.every((part) => part.state === 'filled') ? exitCode.done : exitCode.failed;
    });

async function waitFor(fillId: string): Promise<Fill> {
  const line = new LiveLine();
  const begun = Date.now();
  try {
    for (;;) {
      const { fill } = await call<ReplyOf<typeof GetFill>>('GET', `/api/v1/fills/${fillId}`);
      if (fill?.closedAt) return fill;
      line.show(fill ? liveText(fill, begun) : 'waiting for the filler');
      await sleep(250);
    }
  } finally {
    line.clear();
  }
}

function liveText({ parts }: Fill, begun: number): string {
  const done = parts.filter((part) => part.state !== 'due' && part.state !== 'filling').length;
  const acknowledged = parts.reduce((sum, part) => sum + part.acknowledged, 0);
  return `filling ${done}/${parts.length} apps · ${acknowledged} writes acknowledged · ${((Date.now() - begun) / 1_000).toFixed(1)} s`;
}

function show({ number, parts }: Fill): void {
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
  say(`Fill ${number} closed.`);
}
