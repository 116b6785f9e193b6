import { Command, InvalidArgumentError } from 'commander';
import { onDatabases } from '../databases.js';
import { UsageError } from '../exit-code.js';
import { helpText } from '../help.js';
import { consequences, takeBack } from '../taking-back.js';
import { say, sayJson, table } from '../terminal.js';
import { services } from '#libs/contracts/src/catalogue.js';

interface Json {
  readonly json?: true;
}
const codes = ['0 done', '2 cannot be done now; the line says why', '64 wrong command line'];

export const databaseCommands = (): Command =>
  new Command('db')
    .description('schemas of the services’ databases: status, up, down')
    .addHelpText(
      'after',
      '\nOf the lab that runs; while none does, its Postgres is started for as long as the command takes.',
    )
    .addCommand(statusCommand())
    .addCommand(upCommand())
    .addCommand(downCommand());

const statusCommand = () =>
  new Command('status')
    .description('which steps each schema has taken')
    .option('--json', 'one JSON document')
    .addHelpText('after', helpText({ examples: [['db status', 'one line per service and step']], codes }))
    .action(async ({ json }: Json) => {
      const steps = await onDatabases(services, ({ database }) => database.migrationStatus());
      if (json) return sayJson(steps);
      const rows = Object.entries(steps).flatMap(([service, list]) =>
        list.map((step) => [service, step.name, step.executedAt ? 'done' : 'waiting']),
      );
      say(table([['SERVICE', 'STEP', 'STATE'], ...rows]));
    });

const upCommand = () =>
  new Command('up')
    .description('take all steps that are waiting; a start of the lab does the same')
    .option('--json', 'one JSON document')
    .addHelpText('after', helpText({ examples: [['db up', 'every service']], codes }))
    .action(async ({ json }: Json) => {
      const taken = await onDatabases(services, ({ database }) => database.migrateUp());
      if (json) return sayJson(taken);
      for (const [service, steps] of Object.entries(taken))
        say(`${service}: ${steps.length ? steps.join(', ') : 'nothing to do'}`);
    });

const downCommand = () =>
  new Command('down')
    .description('take back the newest steps of one service that does not run; its data in them is gone')
    .argument('<service>', services.join(' | '))
    .option('--steps <n>', 'how many', toSteps, 1)
    .requiredOption('--yes', 'yes, I know what is lost')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        more:
          'What a service folds from the events of others is read again after the next start, as far as it is still kept. Its log\n' +
          'and its inbox stay, and so does the source of what others have heard: they rely on it.',
        examples: [['db down leaderboard --yes', 'the board is made anew by the next start']],
        codes,
      }),
    )
    .action(async (given: string, { steps, json }: Json & { steps: number }) => {
      const service = services.find((one) => one === given);
      if (!service) throw new UsageError(`${given} is no service: choose among ${services.join(', ')}.`);
      const { [service]: taken } = await onDatabases([service], ({ database, own }) =>
        takeBack(database, { service, own }, steps),
      );
      if (json) return sayJson({ service, ...taken });
      say(`${service}: took back ${taken!.steps.join(', ') || 'nothing'}`);
      say(consequences(service, taken!));
    });

function toSteps(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 on.');
}
