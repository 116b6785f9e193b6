import { Command } from 'commander';
import { wholeBatch, type Batch } from './compare.js';
import { call } from '../api.js';
import { UsageError } from '../exit-code.js';
import { askingCodes, helpText } from '../help.js';
import { say, sayJson, table, toSecond, verdictText } from '../terminal.js';
import { GetBatch } from '#libs/contracts/src/comparator.js';
import { boardView, type BoardView } from '#libs/contracts/src/gateway.js';
import { DiscardBatch, ListHeldBack, PublishBatch, type HeldBackBatch } from '#libs/contracts/src/held-back.js';

const endCodes = [
  '0 done',
  '2 refused (it is under way, or no longer open), or the lab does not run',
  '64 none is open',
];

export const heldBackCommand = (): Command =>
  new Command('held-back')
    .description('what "compare --hold" found: look at it, publish it, discard it')
    .addCommand(showCommand(), { isDefault: true })
    .addCommand(publishCommand())
    .addCommand(discardCommand());

const showCommand = (): Command =>
  new Command('show')
    .description('the batch that is held back, with who would get another verdict')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        more: 'One batch is open at a time, for 24 hours: who neither publishes nor discards it has let it expire.',
        examples: [['held-back', 'what would be published, and what became of the last ones']],
        codes: askingCodes,
      }),
    )
    .action(async ({ json }: { json?: true }) => {
      const { batches } = await call(ListHeldBack.reply, 'GET', '/api/v1/held-back');
      const open = batches.find((one) => one.state === 'open');
      const batch = open && (await wholeBatch((skip) => pageOf(open.batchId, skip)));
      if (json) return sayJson({ batches, open: batch ?? null });
      if (batches.length === 0) return say('Nothing is held back. Compare with:  ./lockstep compare --hold');
      if (open && batch) show(open, batch, await call(boardView, 'GET', '/api/v1/board'));
      for (const one of batches.filter(({ state }) => state !== 'open')) say(endText(one));
    });

const publishCommand = (): Command =>
  new Command('publish')
    .description('say it: the board shows what was found')
    .option('--json', 'one JSON document')
    .addHelpText('after', helpText({ examples: [['held-back publish', 'the batch that is open']], codes: endCodes }))
    .action(async ({ json }: { json?: true }) => {
      const done = await call(PublishBatch.reply, 'POST', `/api/v1/batches/${await openBatch()}/publish`);
      if (json) return sayJson(done);
      say(`Published: ${done.said} ${done.said === 1 ? 'verdict' : 'verdicts'}.`);
    });

const discardCommand = (): Command =>
  new Command('discard')
    .description('forget it: nobody is told what was found')
    .option('--json', 'one JSON document')
    .addHelpText('after', helpText({ examples: [['held-back discard', 'the batch that is open']], codes: endCodes }))
    .action(async ({ json }: { json?: true }) => {
      const done = await call(DiscardBatch.reply, 'POST', `/api/v1/batches/${await openBatch()}/discard`);
      if (json) return sayJson(done);
      say('Discarded.');
    });

const pageOf = (batchId: string, skip: number): Promise<Batch> =>
  call(GetBatch.reply, 'GET', `/api/v1/batches/${batchId}?skip=${skip}`);

async function openBatch(): Promise<string> {
  const { batches } = await call(ListHeldBack.reply, 'GET', '/api/v1/held-back');
  const open = batches.find((one) => one.state === 'open');
  if (!open) throw new UsageError('Nothing is held back. Compare with:  ./lockstep compare --hold');
  return open.batchId;
}

/** Those that would get another verdict first. */
function show({ by, done, total, expiresAt }: HeldBackBatch, { comparisons }: Batch, { rows }: BoardView): void {
  say(`Held back by ${by}: ${done} of ${total} compared. It expires at ${toSecond(expiresAt)}.`);
  const lines = comparisons
    .filter((one) => one.state === 'done')
    .map((one) => ({ ...one, now: rows.find((row) => row.appId === one.appId)?.verdict ?? 'pending' }))
    .toSorted((a, b) => Number(a.now === a.verdict) - Number(b.now === b.verdict))
    .map((one) => [one.appName, verdictText(one.now), '→', verdictText(one.verdict), one.sentence]);
  if (lines.length > 0) say(table([['APP', 'BOARD', '', 'WOULD BE', ''], ...lines]));
}

const endText = ({ state, by, requestedAt, endedBy, endedAt }: HeldBackBatch): string =>
  `Of ${toSecond(requestedAt)} by ${by}: ${state}${state === 'expired' ? '' : ` by ${endedBy}`} at ${toSecond(endedAt ?? requestedAt)}.`;
