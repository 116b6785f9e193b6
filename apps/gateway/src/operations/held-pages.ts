import { services, type ServiceName } from '#libs/contracts/src/catalogue.js';
import type { HeldPage } from '#libs/contracts/src/gateway.js';
import { ListHeld, type HeldEvent } from '#libs/contracts/src/operations.js';
import { Problem } from '#libs/contracts/src/problem.js';
import type { DataOf, ReplyOf } from '#libs/contracts/src/contract.js';

/** Where each service's list goes on; a service that is not in it has been read to its end. */
export type HeldPlace = ReadonlyMap<ServiceName, number>;

const beginningOf = (among: readonly ServiceName[]): HeldPlace => new Map(among.map((name) => [name, 0]));

/** `comparator.12~filler.0`, as `next` of a page tells it. Undefined: from the beginning, of these services. */
export function readPlace(text: string | undefined, among: readonly ServiceName[] = services): HeldPlace {
  if (text === undefined) return beginningOf(among);
  const parts = text.split('~').map((part) => /^([a-z-]+)\.(\d{1,15})$/.exec(part));
  const place = parts.flatMap((part): [ServiceName, number][] => {
    const name = services.find((one) => one === part?.[1]);
    return name ? [[name, Number(part![2])]] : [];
  });
  if (place.length === parts.length) return new Map(place);
  throw new Problem('validation', 'The place in the list is not valid.', 'Take the `next` of the page before.');
}

const writePlace = (place: HeldPlace): string | null =>
  place.size === 0 ? null : [...place].map(([name, position]) => `${name}.${position}`).join('~');

type Ask = (service: ServiceName, data: DataOf<typeof ListHeld>) => Promise<ReplyOf<typeof ListHeld>>;

/**
 * One page of each service's list, together in the order in which the events were put aside. A service that is down is named, and
 * left out from there on: whoever reads all pages comes to an end.
 */
export async function readHeldPage(
  ask: Ask,
  filter: Omit<DataOf<typeof ListHeld>, 'after'>,
  place: HeldPlace,
): Promise<HeldPage> {
  const events: HeldEvent[] = [];
  const missing: string[] = [];
  const next = new Map<ServiceName, number>();
  let total = 0;
  const read = async ([name, after]: [ServiceName, number]) => {
    try {
      const page = await ask(name, { ...filter, after });
      events.push(...page.events);
      total += page.total;
      if (page.next !== null) next.set(name, page.next);
    } catch (error) {
      if (!(error instanceof Problem) || error.type !== 'service-down') throw error;
      missing.push(name);
    }
  };
  await Promise.all([...place].map(read));
  return {
    events: events.toSorted((a, b) => a.heldAt.localeCompare(b.heldAt)),
    total,
    next: writePlace(new Map([...place.keys()].flatMap((name) => (next.has(name) ? [[name, next.get(name)!]] : [])))),
    missing,
  };
}
