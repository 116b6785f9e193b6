import { ApiProblem, call } from './api.js';
import { UsageError } from './exit-code.js';
import { bar, LiveLine } from './terminal.js';
import { heldByServices, heldPage, type HeldByServices, type HeldPage } from '#libs/contracts/src/gateway.js';
import type { HeldEvent } from '#libs/contracts/src/operations.js';

export interface Filter {
  readonly name?: string | undefined;
  readonly service?: string | undefined;
}
/** Changes how one event is held. */
export type Act = (event: HeldEvent) => Promise<unknown>;

const pageRows = 200;
const atOnce = 8;

export const place = ({ service, eventId }: HeldEvent): string => `/api/v1/dead-letters/${service}/${eventId}`;

/** Page by page, of all services or one. */
export async function* pages({ name, service }: Filter, state?: 'dead'): AsyncGenerator<HeldPage> {
  const wanted = { ...(name ? { name } : {}), ...(service ? { service } : {}), ...(state ? { state } : {}) };
  for (let after: string | null | undefined; after !== null;) {
    const query = new URLSearchParams({ ...wanted, limit: String(pageRows), ...(after ? { after } : {}) });
    const page = await call(heldPage, 'GET', `/api/v1/dead-letters?${query}`);
    yield page;
    after = page.next;
  }
}

/** What each service that holds this event says of it, or one of them. */
export async function holdersOf(eventId: string, service?: string): Promise<HeldByServices['held']> {
  const { held, missing } = await call(heldByServices, 'GET', `/api/v1/dead-letters/${encodeURIComponent(eventId)}`);
  const chosen = held.filter(({ event }) => service === undefined || event.service === service);
  if (chosen.length > 0) return chosen;
  const away = missing.length > 0 ? ` ${missing.join(', ')} gave no answer.` : '';
  throw new UsageError(
    `${service ? `${service} holds no` : 'No service holds an'} event ${eventId}.${away} ./lockstep dead-letters lists them.`,
  );
}

export interface Outcome {
  changed: number;
  /** Applied or changed by somebody else, between the list and us. */
  gone: number;
  failures: { event: HeldEvent; why: string }[];
}

/** On every dead event, a few at once. One that dies again meanwhile keeps its place in the list, which is behind us. */
export async function actOnAll(filter: Filter, doing: string, act: Act): Promise<Outcome> {
  const outcome: Outcome = { changed: 0, gone: 0, failures: [] };
  const line = new LiveLine();
  let total = 0;
  let seen = 0;
  try {
    for await (const page of pages(filter, 'dead')) {
      total = Math.max(total, page.total);
      for (let from = 0; from < page.events.length; from += atOnce) {
        await Promise.all(page.events.slice(from, from + atOnce).map((event) => actOn(event, act, outcome)));
        seen += Math.min(atOnce, page.events.length - from);
        line.show(`${doing} ${bar(Math.min(seen, total), total)} ${seen}/${Math.max(seen, total)} events`);
      }
    }
    return outcome;
  } finally {
    line.clear();
  }
}

async function actOn(event: HeldEvent, act: Act, outcome: Outcome): Promise<void> {
  try {
    await act(event);
    outcome.changed += 1;
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    if (error.document.status === 404 || error.document.status === 409) outcome.gone += 1;
    else outcome.failures.push({ event, why: error.document.detail });
  }
}
