import { setTimeout as sleep } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { findApps } from './apps.js';
import { call } from '../api.js';
import { exitCode } from '../exit-code.js';
import { compareByNats } from '../nats-staff.js';
import { bar, LiveLine, say, sayJson, table, verdictText } from '../terminal.js';
import type { CompareApps, ComparisonSummary, GetBatch } from '#libs/contracts/src/comparator.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

type Batch = ReplyOf<typeof GetBatch>;
interface Options {
  via: 'rest' | 'nats';
  wait: boolean;
  json?: true;
}

export const compareCommand = (): Command =>
  new Command('compare')
    .description('compare apps with the baseline')
    .argument('[apps...]', 'names or ids; none means all')
    .addOption(new Option('--via <way>', 'how the command travels').choices(['rest', 'nats']).default('rest'))
    .option('--no-wait', 'start it and return')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      '\nExamples:  ./lockstep compare            all apps\n           ./lockstep compare Ada Bob --via nats\nExit codes: 0 all in sync · 1 at least one out of sync · 2 at least one unreachable or unknown, and none out of sync',
    )
    .action(async (wanted: string[], options: Options) => {
      const apps = wanted.length === 0 ? ('all' as const) : (await findApps(wanted)).map((app) => app.appId);
      const started =
        options.via === 'nats'
          ? await compareByNats(apps)
          : await call<ReplyOf<typeof CompareApps>>('POST', '/api/v1/comparisons', { apps });
      if (!options.wait)
        return options.json
          ? sayJson(started)
          : say(`Started ${started.comparisons.length} comparisons: batch ${started.batchId}`);
      const batch = await waitFor(started.batchId);
      if (options.json) sayJson(batch);
      else show(batch.comparisons);
      process.exitCode = codeOf(batch.comparisons.map((one) => one.verdict));
    });

const askEveryMs = 300;
const waitMsMax = 300_000;

async function waitFor(batchId: string): Promise<Batch> {
  const line = new LiveLine();
  const end = Date.now() + waitMsMax;
  try {
    for (;;) {
      const batch = await call<Batch>('GET', `/api/v1/batches/${batchId}`);
      if (batch.done === batch.total || Date.now() > end) return batch;
      const again = batch.comparisons.filter((one) => one.state === 'second-look').length;
      line.show(
        `comparing ${bar(batch.done, batch.total)} ${batch.done}/${batch.total} apps${again ? ` · ${again} looked at again before a verdict` : ''}`,
      );
      await sleep(askEveryMs);
    }
  } finally {
    line.clear();
  }
}

function show(comparisons: readonly ComparisonSummary[]): void {
  say(table(comparisons.map((one) => [verdictText(one.verdict), one.appName, one.sentence])));
}

const codeOf = (verdicts: readonly Verdict[]): number => {
  if (verdicts.includes('out-of-sync')) return exitCode.outOfSync;
  return verdicts.every((verdict) => verdict === 'in-sync') ? exitCode.done : exitCode.unknown;
};
