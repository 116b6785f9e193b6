import { Command } from 'commander';
import { previewCommand } from './rules-preview.js';
import { call } from '../api.js';
import { UsageError } from '../exit-code.js';
import { askingCodes, helpText } from '../help.js';
import { say, sayJson, table } from '../terminal.js';
import { GetRules, type ShownRule } from '#libs/contracts/src/rules.js';

export const rulesCommand = (): Command =>
  new Command('rules')
    .description('what does not count as a difference, and what it hid; what a draft would mean')
    .addCommand(showCommand(), { isDefault: true })
    .addCommand(previewCommand());

const showCommand = (): Command =>
  new Command('show')
    .description('a version of the rules, and what it hid')
    .option('--version-number <n>', 'an older version; the newest when none is named')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        more: 'Hits are those of the last comparison of each app. Rules are changed at /staff/rules, where a draft is tested first; or test one here: rules preview.',
        examples: [
          ['rules', 'the newest version'],
          ['rules --version-number 1', 'as they were at first'],
        ],
        codes: askingCodes,
      }),
    )
    .action(async ({ versionNumber, json }: { versionNumber?: string; json?: true }) => {
      if (versionNumber !== undefined && !/^[1-9]\d{0,5}$/.test(versionNumber))
        throw new UsageError('A version is a number, such as 1.');
      const path = versionNumber === undefined ? '' : `/${versionNumber}`;
      const { shown, current, rules, measured, ...rest } = await call(GetRules.reply, 'GET', `/api/v1/rules${path}`);
      if (json) return sayJson({ shown, current, rules, measured, ...rest });
      say(
        `Version ${shown.version} of ${current}, published by ${shown.author} at ${shown.publishedAt}: ${shown.reason}`,
      );
      const rows = [
        ...rules.map(toRow),
        ...measured.map(({ endpoint, path: place, differed, compared, isInForce }) => [
          ...[`${differed} of ${compared}`, isInForce ? 'measured' : 'no longer', endpoint, place, ''],
        ]),
      ];
      say(rows.length === 0 ? 'No rules: everything is compared exactly.' : table([heads, ...rows]));
    });

const heads = ['HITS', 'HOW', 'ENDPOINT', 'PATH', 'RULE'];
const toRow = ({ hits, isExpired, mode, endpoint, path, name, reason }: ShownRule): string[] => [
  ...[isExpired ? 'expired' : String(hits), mode, endpoint, path, `${name}: ${reason}`],
];
