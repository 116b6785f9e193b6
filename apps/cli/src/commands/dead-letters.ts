import { Command, Option } from 'commander';
import { actOnAll, holdersOf, pages, place, type Act } from '../held.js';
import { call } from '../api.js';
import { exitCode, UsageError } from '../exit-code.js';
import { askingCodes, helpText } from '../help.js';
import { ago, say, sayJson, table } from '../terminal.js';
import { services } from '#libs/contracts/src/catalogue.js';
import { DiscardHeld, ReplayHeld, type HeldEvent } from '#libs/contracts/src/operations.js';

interface Chosen {
  readonly name?: string;
  readonly service?: string;
  readonly json?: true;
}
interface ChosenOrAll extends Chosen {
  readonly all?: true;
}

export const deadLetterCommands = (): Command =>
  new Command('dead-letters')
    .description('events that could not be applied: list, show, replay, discard')
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(showCommand())
    .addCommand(replayCommand())
    .addCommand(discardCommand());

const serviceOption = () => new Option('--service <service>', 'only what this service holds').choices(services);
const nameOption = () => new Option('--name <event>', 'only events of this name, such as AppSubmitted');
const changingCodes = [
  '0 done',
  '1 at least one could not be changed',
  '2 refused, or the lab does not run',
  '64 wrong command line',
];

const listCommand = () =>
  new Command('list')
    .description('all that are held back, oldest first')
    .addOption(nameOption())
    .addOption(serviceOption())
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        examples: [
          ['dead-letters', 'what is retried, waits behind another, or is dead'],
          ['dead-letters list --service comparator --name FillClosed', 'a part of it'],
        ],
        codes: askingCodes,
      }),
    )
    .action(async (chosen: Chosen) => {
      const events: HeldEvent[] = [];
      const missing = new Set<string>();
      for await (const page of pages(chosen)) {
        events.push(...page.events);
        for (const service of page.missing) missing.add(service);
      }
      if (chosen.json) return sayJson({ events, missing: [...missing] });
      if (missing.size > 0) say(`No answer from ${[...missing].join(', ')}: what they hold is not in this list.`);
      if (events.length === 0)
        return say(
          missing.size > 0 ? 'None with the others.' : 'No dead letters: every event that arrived was applied.',
        );
      say(table([['STATE', 'SERVICE', 'EVENT', 'TRIED', 'HELD', 'ID', 'ERROR'], ...events.map(toRow)]));
    });

const toRow = (event: HeldEvent): string[] => [
  ...[event.state, event.service, event.name, `${event.attempts}×`, ago(event.heldAt, Date.now())],
  ...[event.eventId, event.error ?? ''],
];

const showCommand = () =>
  new Command('show')
    .description('one event with its cause, payload and audit; once for each service that holds it')
    .argument('<id>')
    .addOption(serviceOption())
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({ examples: [['dead-letters show 0199…', 'the id is in the list']], codes: askingCodes }),
    )
    .action(async (eventId: string, { service, json }: Chosen) => {
      const held = await holdersOf(eventId, service);
      if (json) return sayJson(held);
      for (const { event, body, audit } of held) {
        say(
          `${event.name} ${event.n} of ${event.log}, held by ${event.service}: ${event.state} after ${event.attempts} attempts`,
        );
        say(event.error ?? 'No attempt has failed: it waits behind an earlier event of its key.');
        say(JSON.stringify(body, undefined, 2));
        for (const line of audit) say(`${line.at}  ${line.by}: ${line.action}${line.note ? `, ${line.note}` : ''}`);
      }
    });

const replayCommand = () =>
  new Command('replay')
    .description('apply it again, with the same id: it takes effect once at most')
    .argument('[id]')
    .option('--all', 'all that are dead')
    .addOption(nameOption())
    .addOption(serviceOption())
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        examples: [
          ['dead-letters replay 0199…', 'one, in every service that holds it'],
          ['dead-letters replay --all --name ParityComputed', 'after the cause is mended'],
        ],
        codes: changingCodes,
      }),
    )
    .action(async (eventId: string | undefined, chosen: ChosenOrAll) => {
      const replay: Act = (event) => call(ReplayHeld.reply, 'POST', `${place(event)}/replay`);
      await act(eventId, chosen, {
        ...{ doing: 'replaying', done: 'replayed', act: replay },
        one: (event) =>
          `${event.name} is applied again by ${event.service}. If it fails, it comes back with the new cause.`,
      });
    });

const discardCommand = () =>
  new Command('discard')
    .description('give it up; what waits behind it goes on')
    .argument('[id]')
    .requiredOption('--reason <text>', 'why, for the audit')
    .option('--all', 'all that are dead')
    .addOption(nameOption())
    .addOption(serviceOption())
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      helpText({
        examples: [
          ['dead-letters discard 0199… --reason "app is gone"', 'one, in every service that holds it'],
          ['dead-letters discard --all --name TargetFilled --reason "test data"', 'all of one name'],
        ],
        codes: changingCodes,
      }),
    )
    .action(async (eventId: string | undefined, { reason, ...chosen }: ChosenOrAll & { reason: string }) => {
      if (chosen.all && !chosen.name && !chosen.service)
        throw new UsageError('Discarding everything is hardly meant: say of which --name or --service.');
      const discard: Act = (event) => call(DiscardHeld.reply, 'POST', `${place(event)}/discard`, { reason });
      await act(eventId, chosen, {
        ...{ doing: 'discarding', done: 'discarded', act: discard },
        one: (event) => `${event.name} is discarded by ${event.service}.`,
      });
    });

interface Doing {
  readonly doing: string;
  readonly done: string;
  readonly act: Act;
  readonly one: (event: HeldEvent) => string;
}

/** On one event, wherever it is held, or on all that are dead. */
async function act(eventId: string | undefined, chosen: ChosenOrAll, doing: Doing): Promise<void> {
  if ((eventId === undefined) !== (chosen.all === true))
    throw new UsageError('Say the id of one event, or --all, and not both.');
  if (eventId !== undefined) return actOnOne(eventId, chosen, doing);
  const { changed, gone, failures } = await actOnAll(chosen, doing.doing, doing.act);
  process.exitCode = failures.length === 0 ? exitCode.done : exitCode.failed;
  if (chosen.json) return sayJson({ changed, gone, failures });
  for (const { event, why } of failures.slice(0, 20)) say(`${event.eventId} (${event.service}): ${why}`);
  if (failures.length > 20) say(`… and ${failures.length - 20} more`);
  say(
    `${changed} ${doing.done}${gone ? `, ${gone} were gone by then` : ''}${failures.length ? `, ${failures.length} failed` : ''}.`,
  );
}

async function actOnOne(eventId: string, { service, json }: Chosen, { act: change, one }: Doing): Promise<void> {
  const answers = [];
  for (const { event } of await holdersOf(eventId, service)) {
    answers.push(await change(event));
    if (!json) say(one(event));
  }
  if (json) sayJson(answers);
}
