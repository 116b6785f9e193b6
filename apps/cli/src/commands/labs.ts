import { Command } from 'commander';
import { helpText } from '../help.js';
import { labDataDir, labOn } from '../installation.js';
import { readAssignments } from '../lab-assignments.js';
import { labBeside, labsBeside, nextPort, saveLab, toNewName, type LabBeside } from '../labs.js';
import { removeLab } from '../removing-lab.js';
import { bold, say, sayJson, table } from '../terminal.js';
import { checkLab } from '../up/placed-labs.js';
import { mainLab } from '#libs/contracts/src/labs.js';

interface Json {
  readonly json?: true;
}
const codes = ['0 done', '2 cannot be done now; the line says why', '64 wrong command line'];

export const labsCommands = (): Command =>
  new Command('labs')
    .description('the labs of this installation: list, add, set, remove')
    .addHelpText(
      'after',
      '\nEach has its own baseline, apps, board, staff, databases and broker account: none can see or hurt another’s data.\n' +
        'What is changed here shows with the next ./lockstep up. Other commands speak to one of them with --lab <name>.',
    )
    .addCommand(listCommand())
    .addCommand(addCommand())
    .addCommand(setCommand())
    .addCommand(removeCommand());

const listCommand = () =>
  new Command('list')
    .description('names, titles, addresses')
    .option('--json', 'one JSON document')
    .addHelpText('after', helpText({ examples: [['labs list', 'one line per lab']], codes }))
    .action(({ json }: Json) => {
      const dir = labDataDir();
      const first = { name: mainLab, dir, settings: {} as LabBeside['settings'] };
      const rows = [first, ...labsBeside(dir)].map((lab) => ({
        name: lab.name,
        title: lab.settings['LAB_TITLE'] ?? lab.name,
        baseline: lab.settings['BASELINE_URL'] ?? null,
        port: lab.settings['PORT'] ? Number(lab.settings['PORT']) : null,
        runsAt: labOn(lab.dir)?.url ?? null,
      }));
      if (json) return sayJson(rows);
      const lines = rows.map(({ name, title, baseline, port, runsAt }) => [
        ...[name, title, runsAt ?? (port ? `port ${port}, not running` : 'not running')],
        baseline ?? 'by the environment of up',
      ]);
      say(table([['LAB', 'TITLE', 'ADDRESS', 'BASELINE'], ...lines]));
    });

const addCommand = () =>
  new Command('add')
    .description('another lab beside the first; it starts with the next ./lockstep up')
    .argument('<name>', 'small letters, digits, -')
    .argument('[settings...]', 'NAME=value, as in .env.example; BASELINE_URL is needed')
    .option('--title <title>', 'how people see it (LAB_TITLE)')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        examples: [
          ['labs add physics BASELINE_URL=https://p.example.org', 'on the next free port from 8001 on'],
          ['labs add maths --title "Maths 2" PORT=8020 BASELINE_URL=…', 'on a port of your choice'],
        ],
        codes,
      }),
    )
    .action(async (given: string, assignments: string[], { title, json }: Json & { title?: string }) => {
      const dir = labDataDir();
      const name = toNewName(dir, given);
      const told = readAssignments([...(title === undefined ? [] : [`LAB_TITLE=${title}`]), ...assignments]);
      const settings = await complete(dir, told);
      await checkLab(dir, { name, settings });
      saveLab(dir, { name, settings });
      tell(dir, { name, settings }, json);
    });

const setCommand = () =>
  new Command('set')
    .description('change settings of a lab beside the first; NAME= takes one away')
    .argument('<name>', 'of the lab')
    .argument('<settings...>', 'NAME=value')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        examples: [['labs set physics EGRESS_ALLOW=127.0.0.1:3000', 'a local app that it may visit']],
        codes,
      }),
    )
    .action(async (given: string, assignments: string[], { json }: Json) => {
      const dir = labDataDir();
      const { name, settings: before } = labBeside(dir, given);
      const settings = await complete(dir, { ...before, ...readAssignments(assignments) });
      await checkLab(dir, { name, settings });
      saveLab(dir, { name, settings });
      tell(dir, { name, settings }, json);
    });

/** What is empty counts as not given; a port it always has. */
async function complete(dir: string, told: LabBeside['settings']): Promise<Record<string, string>> {
  const given = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== ''));
  return { ...given, PORT: given['PORT'] ?? String(await nextPort(dir)) };
}

function tell(dir: string, { name, settings }: Pick<LabBeside, 'name' | 'settings'>, json: true | undefined): void {
  const port = Number(settings['PORT']);
  if (json) return sayJson({ name, port });
  say(`Lab ${bold(name)} has port ${port}.`);
  say(`It starts with the next ./lockstep up${labOn(dir) ? '; the one that runs does not know of it' : ''}.`);
}

const removeCommand = () =>
  new Command('remove')
    .description('remove a lab beside the first, while the installation does not run')
    .argument('<name>', 'of the lab')
    .option('--drop-data', 'yes, its data too: apps, verdicts, evidence, accounts')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        more: 'A lab that was ever started is removed with --drop-data only; without it you are told what would be lost.',
        examples: [['labs remove physics', 'one that was never started']],
        codes,
      }),
    )
    .action(async (given: string, { dropData = false, json }: Json & { dropData?: boolean }) => {
      const dir = labDataDir();
      const databaseUrl = process.env['DATABASE_URL'] || undefined;
      const lost = await removeLab(dir, labBeside(dir, given), { dropData, databaseUrl });
      if (json) return sayJson({ removed: given, lost });
      say(`Lab ${given} is removed${lost ? `, and with it ${lost.sentence}` : ''}.`);
    });
