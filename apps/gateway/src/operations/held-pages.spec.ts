import { readHeldPage, readPlace } from './held-pages.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import type { HeldEvent } from '#libs/contracts/src/operations.js';
import { Problem } from '#libs/contracts/src/problem.js';

const filter = { states: ['dead' as const], limit: 2 };
const event = (service: string, position: number): HeldEvent => ({
  ...{ eventId: `${service}-${position}`, service, log: 'submission', n: position, name: 'AppSubmitted', key: 'k' },
  ...{ state: 'dead', attempts: 5, nextAt: null, error: 'broken', traceId: null },
  heldAt: new Date(position * 1_000).toISOString(),
});
/** Services that hold events at these positions; one without a list is down. */
const holding =
  (lists: Partial<Record<ServiceName, number[]>>) =>
  async (service: ServiceName, { after, limit }: { after: number; limit: number }) => {
    const list = lists[service];
    if (!list) throw new Problem('service-down', `${service} is down.`, 'Wait.');
    const rest = list.filter((position) => position > after);
    const page = rest.slice(0, limit);
    return {
      events: page.map((position) => event(service, position)),
      total: list.length,
      next: rest.length > limit ? page.at(-1)! : null,
    };
  };

describe('pages of the events that are held back', () => {
  it('together are each event once, whatever each service holds', async () => {
    const ask = holding({
      gateway: [],
      submission: [4],
      filler: [],
      comparator: [1, 5, 9, 11],
      leaderboard: [2, 3, 8],
    });
    const seen: string[][] = [];
    for (let next: string | null | undefined; next !== null;) {
      const page = await readHeldPage(ask, filter, readPlace(next));
      seen.push(page.events.map(({ eventId }) => eventId));
      next = page.next;
    }
    expect(seen).toEqual([
      ['comparator-1', 'leaderboard-2', 'leaderboard-3', 'submission-4', 'comparator-5'],
      ['leaderboard-8', 'comparator-9', 'comparator-11'],
    ]);
  });

  it('name a service that is down', async () => {
    const ask = holding({ gateway: [], submission: [1], filler: [], leaderboard: [] });
    expect(await readHeldPage(ask, filter, readPlace(undefined))).toMatchObject({
      missing: ['comparator'],
      total: 1,
      next: null,
    });
  });

  it('are of one service where only that is asked for', async () => {
    const asked: string[] = [];
    const ask = async (service: ServiceName) => (asked.push(service), { events: [], total: 0, next: null });
    await readHeldPage(ask, filter, readPlace(undefined, ['filler']));
    expect(asked).toEqual(['filler']);
  });

  it.each(['nonsense', 'nobody.1', 'filler.x', 'filler.1~'])('refuse the place %s', (text) => {
    expect(() => readPlace(text)).toThrow('The place in the list is not valid.');
  });
});
