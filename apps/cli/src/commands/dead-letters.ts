import { Command } from 'commander';
import { call } from '../api.js';
import { ago, say, sayJson, table } from '../terminal.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';
import type { HeldEvent, ShowHeld } from '#libs/contracts/src/operations.js';

interface Listed {
  readonly events: HeldEvent[];
  readonly missing: string[];
}
interface Json {
  json?: true;
}

export const deadLetterCommands = (): Command =>
  new Command('dead-letters')
    .description('events that could not be applied: list, show, replay, discard')
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(showCommand())
    .addCommand(replayCommand())
    .addCommand(discardCommand());

const listCommand = () =>
  new Command('list')
    .description('all that are held back, oldest first')
    .option('--json', 'one JSON document')
    .action(async ({ json }: Json) => {
      const listed = await call<Listed>('GET', '/api/v1/dead-letters');
      if (json) return sayJson(listed);
      if (listed.events.length === 0) return say('No dead letters: every event that arrived was applied.');
      const rows = listed.events.map((event) => [
        event.state,
        event.service,
        event.name,
        `${event.attempts}×`,
        ago(event.heldAt, Date.now()),
        event.eventId,
        event.error ?? '',
      ]);
      say(table([['STATE', 'SERVICE', 'EVENT', 'TRIED', 'HELD', 'ID', 'ERROR'], ...rows]));
    });

const showCommand = () =>
  new Command('show')
    .description('one event with its cause, payload and audit')
    .argument('<id>')
    .action(async (eventId: string) => {
      const event = await find(eventId);
      sayJson(await call<ReplyOf<typeof ShowHeld>>('GET', `/api/v1/dead-letters/${event.service}/${eventId}`));
    });

const replayCommand = () =>
  new Command('replay')
    .description('apply it again, with the same id: it takes effect once at most')
    .argument('<id>')
    .option('--json', 'one JSON document')
    .action(async (eventId: string, { json }: Json) => {
      const event = await find(eventId);
      const answer = await call('POST', `/api/v1/dead-letters/${event.service}/${eventId}/replay`);
      if (json) sayJson(answer);
      else say(`${event.name} is applied again by ${event.service}. If it fails, it comes back with the new cause.`);
    });

const discardCommand = () =>
  new Command('discard')
    .description('give it up; what waits behind it goes on')
    .argument('<id>')
    .requiredOption('--reason <text>', 'why, for the audit')
    .option('--json', 'one JSON document')
    .action(async (eventId: string, { reason, json }: Json & { reason: string }) => {
      const event = await find(eventId);
      const answer = await call('POST', `/api/v1/dead-letters/${event.service}/${eventId}/discard`, { reason });
      if (json) sayJson(answer);
      else say(`${event.name} is discarded.`);
    });

async function find(eventId: string): Promise<HeldEvent> {
  const { events } = await call<Listed>('GET', '/api/v1/dead-letters?state=retrying,waiting,dead,discarded');
  const event = events.find((one) => one.eventId === eventId);
  if (!event) throw new Error(`No service holds an event ${eventId}. ./lockstep dead-letters lists them.`);
  return event;
}
