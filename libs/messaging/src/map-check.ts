import { eventsTo, operationsOfEveryService, requestsTo, type ServiceName } from '#libs/contracts/src/catalogue.js';

interface Registered {
  readonly isEventHandler?: boolean;
}

/** A service whose handlers differ from the catalogue does not start. The message names every difference and where to mend it. */
export function checkMap(
  service: ServiceName,
  registered: ReadonlyMap<string, Registered>,
  doubled: readonly string[],
): void {
  const events = new Set(eventsTo(service).map((route) => route.contract.name));
  const requests = new Set(
    [...requestsTo(service).map((route) => route.contract), ...operationsOfEveryService].map(
      (contract) => contract.name,
    ),
  );
  const wrong = [
    ...[...events]
      .filter((name) => !registered.has(name))
      .map((name) => `${name} has no handler: add a method with @Handles(${name})`),
    ...[...requests]
      .filter((name) => !registered.has(name))
      .map((name) => `${name} has no answer: add a method with @Answers(${name})`),
    ...doubled.map((name) => `${name} has two handlers: one service handles a message once`),
    ...[...registered].flatMap(([name, handler]) => problemOf(name, handler, events, requests)),
  ];
  if (wrong.length > 0)
    throw new Error(
      `${service} does not fit the catalogue (libs/contracts/src/catalogue.ts):\n  ${wrong.join('\n  ')}`,
    );
}

function problemOf(
  name: string,
  handler: Registered,
  events: ReadonlySet<string>,
  requests: ReadonlySet<string>,
): string[] {
  if (!events.has(name) && !requests.has(name))
    return [`${name} is handled here, but the catalogue does not send it here`];
  if (Boolean(handler.isEventHandler) !== events.has(name)) return [`${name} is marked with the wrong decorator`];
  return [];
}
