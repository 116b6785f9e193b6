import { Command } from 'commander';
import { wholeBatch, type Batch } from './compare.js';
import { call } from '../api.js';
import { UsageError } from '../exit-code.js';
import { askingCodes, helpText } from '../help.js';
import { ranksOrWhyNot, ranksSentence, withRanks, type KnownRanks } from '../ranks.js';
import { say, sayJson, table, toSecond, verdictText } from '../terminal.js';
import { ranksPreview } from '#libs/contracts/src/board-preview.js';
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
    .description('the batch that is held back, with who would get another verdict or rank')
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
      const known = open && (await ranksAfter(open));
      if (json) return sayJson({ batches, open: batch ?? null, ...(known ?? { ranks: null }) });
      if (batches.length === 0) return say('Nothing is held back. Compare with:  ./lockstep compare --hold');
      if (open && batch) show(open, batch, { ...(await call(boardView, 'GET', '/api/v1/board')), known });
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

/** Undefined while comparisons are under way: what they find may move others. */
async function ranksAfter({ batchId, done, total }: HeldBackBatch): Promise<KnownRanks | undefined> {
  if (done < total) return undefined;
  return ranksOrWhyNot(() => call(ranksPreview, 'GET', `/api/v1/batches/${batchId}/preview`));
}

async function openBatch(): Promise<string> {
  const { batches } = await call(ListHeldBack.reply, 'GET', '/api/v1/held-back');
  const open = batches.find((one) => one.state === 'open');
  if (!open) throw new UsageError('Nothing is held back. Compare with:  ./lockstep compare --hold');
  return open.batchId;
}

interface Board {
  readonly rows: BoardView['rows'];
  readonly known: KnownRanks | undefined;
}

/** Those that would get another verdict first. */
function show({ by, done, total, expiresAt }: HeldBackBatch, { comparisons }: Batch, { rows, known }: Board): void {
  say(`Held back by ${by}: ${done} of ${total} compared. It expires at ${toSecond(expiresAt)}.`);
  say(known ? ranksSentence(known) : 'Who would move on the board is known when all are compared.');
  const now = (appId: string) => rows.find((row) => row.appId === appId)?.verdict ?? 'pending';
  const lines = comparisons
    .filter((one) => one.state === 'done')
    .toSorted((a, b) => Number(now(a.appId) === a.verdict) - Number(now(b.appId) === b.verdict))
    .map(({ appId, appName, verdict, sentence }) => ({
      appId,
      cells: [[appName, verdictText(now(appId)), '→', verdictText(verdict)], [sentence]] as const,
    }));
  const all = withRanks(lines, known ?? { ranks: null }, ({ appId, appName }) => [
    [appName, verdictText(now(appId)), '', ''],
    ['because others move'],
  ]);
  if (all.length > 0) say(table([['APP', 'BOARD', '', 'WOULD BE', 'RANK', ''], ...all]));
}

const endText = ({ state, by, requestedAt, endedBy, endedAt }: HeldBackBatch): string =>
  `Of ${toSecond(requestedAt)} by ${by}: ${state}${state === 'expired' ? '' : ` by ${endedBy}`} at ${toSecond(endedAt ?? requestedAt)}.`;
