import { Command, InvalidArgumentError } from 'commander';
import { call } from '../api.js';
import { askingCodes, helpText } from '../help.js';
import { ago, say, sayJson, table } from '../terminal.js';
import { CompareApps } from '#libs/contracts/src/comparator.js';
import { ListUnknown, type UnknownComparison } from '#libs/contracts/src/unknown.js';

interface Options {
  days?: number;
  compare?: true;
  json?: true;
}

export const unknownCommand = (): Command =>
  new Command('unknown')
    .description('comparisons that nobody could judge: whose side failed, and why')
    .option('--days <n>', 'all of the last days, 1 to 30, instead of the newest of each app', daysOf)
    .option('--compare', 'compare these apps again')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        examples: [
          ['unknown', 'the apps whose newest verdict is unknown'],
          ['unknown --compare', 'and compare them again'],
          ['unknown --days 7', 'all that ended unknown in a week'],
        ],
        codes: askingCodes,
      }),
    )
    .action(async ({ days, compare, json }: Options) => {
      const comparisons = await allOf(days === undefined ? 'only=newest' : `only=all&days=${days}`);
      const apps = [...new Set(comparisons.filter((one) => one.takesPart).map((one) => one.appId))];
      const started =
        compare && apps.length > 0 ? await call(CompareApps.reply, 'POST', '/api/v1/comparisons', { apps }) : null;
      if (json) return sayJson({ comparisons, started });
      if (comparisons.length === 0) return say('None.');
      say(table([heads, ...comparisons.map((one) => toRow(one, Date.now()))]));
      if (started) say(`Started ${started.comparisons.length} comparisons: batch ${started.batchId}`);
    });

/** All pages, as one. */
async function allOf(query: string): Promise<UnknownComparison[]> {
  const comparisons: UnknownComparison[] = [];
  for (let skip: number | null = 0; skip !== null;) {
    const page: { comparisons: UnknownComparison[]; next: number | null } = await call(
      ...([ListUnknown.reply, 'GET', `/api/v1/unknown?${query}&skip=${skip}`] as const),
    );
    comparisons.push(...page.comparisons);
    skip = page.next;
  }
  return comparisons;
}

const heads = ['APP', 'SIDE', 'COMPARED', ''];
const sides = { ours: 'ours', baseline: 'baseline' };
const toRow = ({ appName, side, computedAt, sentence }: UnknownComparison, now: number): string[] => [
  ...[appName, side === null ? 'staff said so' : sides[side], ago(computedAt, now), sentence],
];

function daysOf(text: string): number {
  const days = Number(text);
  if (!Number.isSafeInteger(days) || days < 1 || days > 30) throw new InvalidArgumentError('It must be 1 to 30.');
  return days;
}
