import { setTimeout as sleep } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { findApps } from './apps.js';
import { call } from '../api.js';
import { exitCode, UsageError } from '../exit-code.js';
import { helpText } from '../help.js';
import { compareByNats } from '../nats-staff.js';
import { bar, LiveLine, say, sayJson, table, verdictText } from '../terminal.js';
import { CompareApps, GetBatch, type ComparisonSummary } from '#libs/contracts/src/comparator.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';

export type Batch = ReplyOf<typeof GetBatch>;
interface Options {
  via: 'rest' | 'nats';
  wait: boolean;
  hold?: true;
  json?: true;
}

export const compareCommand = (): Command =>
  new Command('compare')
    .description('compare apps with the baseline')
    .argument('[apps...]', 'names or ids; none means all')
    .addOption(new Option('--via <way>', 'how the command travels').choices(['rest', 'nats']).default('rest'))
    .option('--hold', 'only staff see what it finds, until: held-back publish')
    .option('--no-wait', 'start it and return')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        examples: [
          ['compare', 'all apps'],
          ['compare --hold', 'all; look at it before others do'],
          ['compare Ada Bob --via nats', 'two, as a message of the staff user on NATS'],
        ],
        codes: [
          '0 all in sync',
          '1 at least one out of sync',
          '2 none out of sync, and at least one unreachable, unknown, pending or unfinished; or the lab does not run',
          '64 no such app, or wrong command line',
        ],
      }),
    )
    .action(async (wanted: string[], options: Options) => {
      if (options.hold && options.via === 'nats') throw new UsageError('--hold goes by REST only.');
      const apps = wanted.length === 0 ? ('all' as const) : (await findApps(wanted)).map((app) => app.appId);
      const started = await start(apps, options);
      if (!options.wait)
        return options.json
          ? sayJson(started)
          : say(`Started ${started.comparisons.length} comparisons: batch ${started.batchId}`);
      await waitFor(started.batchId);
      const batch = await wholeBatch((skip) => pageOf(started.batchId, skip));
      if (options.json) sayJson({ ...batch, unfinished: batch.total - batch.done });
      else show(batch);
      process.exitCode = codeOf(batch);
    });

const start = (apps: 'all' | string[], { via, hold }: Options) =>
  via === 'nats'
    ? compareByNats(apps)
    : call(CompareApps.reply, 'POST', '/api/v1/comparisons', { apps, hold: hold === true });

const askEveryMs = 300;
const waitMsMax = 600_000;

const pageOf = (batchId: string, skip: number): Promise<Batch> =>
  call(GetBatch.reply, 'GET', `/api/v1/batches/${batchId}?skip=${skip}`);

/** Until all are done, or no longer worth waiting for. What is under way comes first on a page. */
async function waitFor(batchId: string): Promise<void> {
  const line = new LiveLine();
  const end = Date.now() + waitMsMax;
  try {
    for (;;) {
      const batch = await pageOf(batchId, 0);
      if (batch.done === batch.total || Date.now() > end) return;
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

/** All pages of a batch as one. */
export async function wholeBatch(page: (skip: number) => Promise<Batch>): Promise<Batch> {
  const first = await page(0);
  const comparisons = [...first.comparisons];
  for (let { next } = first; next !== null;) {
    const more = await page(next);
    comparisons.push(...more.comparisons);
    next = more.next;
  }
  return { ...first, comparisons, next: null };
}

function show({ comparisons, done, total }: Batch): void {
  if (comparisons.length > 0)
    say(table(comparisons.map((one) => [verdictText(one.verdict), one.appName, sentenceOf(one)])));
  if (done < total)
    say(`${total - done} of ${total} comparisons are not done yet: ./lockstep board shows them when they are.`);
}

const sentenceOf = ({ state, sentence }: ComparisonSummary): string =>
  state === 'done' ? sentence : `Not done yet. ${sentence}`.trim();

/** In sync is only what has been judged, and only when everything has been. */
export function codeOf({ comparisons, done, total }: Pick<Batch, 'comparisons' | 'done' | 'total'>): number {
  if (comparisons.some((one) => one.verdict === 'out-of-sync')) return exitCode.outOfSync;
  const isWhole = done === total && comparisons.length >= total;
  return isWhole && comparisons.every((one) => one.verdict === 'in-sync') ? exitCode.done : exitCode.unknown;
}
