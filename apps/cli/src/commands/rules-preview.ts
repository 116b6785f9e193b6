import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { z } from 'zod';
import { call } from '../api.js';
import { UsageError } from '../exit-code.js';
import { askingCodes, helpText } from '../help.js';
import { ranksOrWhyNot, ranksSentence, withRanks, type KnownRanks } from '../ranks.js';
import { say, sayJson, table, verdictText } from '../terminal.js';
import { ranksPreview } from '#libs/contracts/src/board-preview.js';
import { PreviewRules, type DraftRule, type RulesPreview } from '#libs/contracts/src/rules.js';

type TestedApp = RulesPreview['apps'][number];

export const previewCommand = (): Command =>
  new Command('preview')
    .description('what a draft would mean: whose verdict and whose rank would change; nothing is published')
    .argument('<file>', 'as "rules --json" prints them, with your changes')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        more: 'Tested on what each app answered last.',
        examples: [
          ['rules --json > draft.json', 'the newest rules, to be changed'],
          ['rules preview draft.json', 'who would move'],
        ],
        codes: askingCodes,
      }),
    )
    .action(async (file: string, { json }: { json?: true }) => {
      const preview = await wholePreview(draftOf(file));
      const known = await ranksOf(preview.apps);
      if (json) return sayJson({ ...preview, ...known });
      show(preview, known);
    });

const Draft = z.object({ rules: PreviewRules.schema.shape.rules });

function draftOf(file: string): DraftRule[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`${file} cannot be read.`);
  }
  const draft = Draft.safeParse(parsed(text, file));
  if (draft.success) return draft.data.rules;
  const [{ path, message }] = draft.error.issues as [z.core.$ZodIssue];
  throw new UsageError(`${file} holds no draft: ${path.join('.') || 'it'}: ${message}.`);
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${file} is not JSON. Begin with:  ./lockstep rules --json > ${file}`);
  }
}

/** All pages as one. */
async function wholePreview(rules: readonly DraftRule[]): Promise<Omit<RulesPreview, 'next' | 'ruleHits'>> {
  const page = (after: string | null) =>
    call(PreviewRules.reply, 'POST', '/api/v1/rules/preview', { rules, ...(after === null ? {} : { after }) });
  const first = await page(null);
  const [apps, untested] = [[...first.apps], [...first.untested]];
  for (let { next } = first; next !== null;) {
    const more = await page(next);
    apps.push(...more.apps);
    untested.push(...more.untested);
    next = more.next;
  }
  return { basedOn: first.basedOn, apps, untested };
}

/** Where nothing changes of what the board goes by, nobody moves. */
async function ranksOf(apps: readonly TestedApp[]): Promise<KnownRanks> {
  const verdicts = apps.flatMap(({ onBoard }) => onBoard ?? []);
  if (verdicts.length === 0) return { ranks: { moves: [], unchanged: 0, frozen: null } };
  return ranksOrWhyNot(() => call(ranksPreview, 'POST', '/api/v1/board/preview', { verdicts }));
}

const heads = ['APP', 'NOW', '', 'WOULD BE', 'RANK', 'DIFFERENCES'];

function show({ basedOn, apps, untested }: Awaited<ReturnType<typeof wholePreview>>, known: KnownRanks): void {
  const moved = apps.filter(({ before, after }) => before.verdict !== after.verdict);
  const other = apps.filter((app) => !moved.includes(app) && app.before.rowsDifferent !== app.after.rowsDifferent);
  say(`Against version ${basedOn}: ${moved.length} of ${apps.length} apps tested would get another verdict.`);
  say(ranksSentence(known));
  const lines = [...moved, ...other].map(({ appId, appName, before, after }) => ({
    appId,
    cells: [
      [appName, verdictText(before.verdict), '→', verdictText(after.verdict)],
      [`${before.rowsDifferent} → ${after.rowsDifferent}`],
    ] as const,
  }));
  const rows = withRanks(lines, known, ({ appName }) => [[appName, '', '', ''], ['because others move']]);
  if (rows.length > 0) say(table([heads, ...rows]));
  for (const { appName, why } of untested) say(`Not tested: ${appName}. ${why}`);
}
