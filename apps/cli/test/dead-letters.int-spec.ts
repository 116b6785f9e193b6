import { randomUUID } from 'node:crypto';
import { call } from '../src/api.js';
import { actOnAll, holdersOf, pages, place } from '../src/held.js';
import { DiscardHeld, ReplayHeld, type HeldEvent } from '#libs/contracts/src/operations.js';
import { Lab } from '#libs/testing/src/lab.js';
import { until } from '#libs/testing/src/settle.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';

const token = 'a-token-for-tests-that-is-long-enough-0123456789';
const shared = randomUUID();

describe('events that are held back, from the command line', () => {
  let lab: Lab;
  let numbered = 1_000_000;
  const before = { ...process.env };
  beforeAll(async () => {
    const env = { PORT: '0', ADMIN_TOKEN: token, ADMIN_PASSWORD: 'a password for tests' };
    lab = await Lab.start({ host: ['gateway', 'submission', 'comparator', 'leaderboard'], env });
    process.env['LOCKSTEP_URL'] = await lab.hosted.get('gateway')!.getUrl();
    process.env['LOCKSTEP_TOKEN'] = token;
    await bury('leaderboard', [...Array.from({ length: 450 }, () => randomUUID()), shared]);
    await bury('comparator', [shared, ...Array.from({ length: 30 }, () => randomUUID())]);
  });
  afterAll(async () => {
    process.env = before;
    await lab?.stop();
  });

  /** Dead events as a service has them after its last retry: of apps that it can apply by now. */
  async function bury(service: ServiceName, ids: readonly string[]): Promise<void> {
    const bodies = ids.map((appId) =>
      JSON.stringify({ appId, name: 'A', team: null, url: 'https://a.example', joinedAt: new Date().toISOString() }),
    );
    await lab.query(
      service,
      `insert into held (event_id, log, n, name, key, body, appended_at, state, attempts, error)
       select id, 'submission', $3 + at, 'AppSubmitted', id, body, now(), 'dead', 5, 'broken'
       from unnest($1::uuid[], $2::text[]) with ordinality as one (id, body, at)`,
      [ids, bodies, (numbered += 1_000)],
    );
  }
  const stateOf = async (service: ServiceName) =>
    Object.fromEntries(
      (
        await lab.query<{ state: string; n: number }>(service, 'select state, count(*)::int as n from held group by 1')
      ).map(({ state, n }) => [state, n]),
    );

  it('are listed to the last one, each once', async () => {
    const seen: HeldEvent[] = [];
    for await (const page of pages({})) seen.push(...page.events);
    expect([seen.length, new Set(seen.map(place)).size]).toEqual([482, 482]);
    const ofOne: HeldEvent[] = [];
    for await (const page of pages({ service: 'comparator', name: 'AppSubmitted' })) ofOne.push(...page.events);
    expect(ofOne).toHaveLength(31);
  });

  it('are found by their id in every service that holds them, however many stand before', async () => {
    const held = await holdersOf(shared);
    expect(held.map(({ event }) => event.service)).toEqual(['comparator', 'leaderboard']);
    expect((await holdersOf(shared, 'leaderboard')).map(({ event }) => event.service)).toEqual(['leaderboard']);
    await expect(holdersOf(shared, 'submission')).rejects.toThrow(`submission holds no event ${shared}.`);
    await expect(holdersOf(randomUUID())).rejects.toThrow(/^No service holds an event/);
  });

  it('are all replayed: page after page, in every service', async () => {
    const outcome = await actOnAll({ name: 'AppSubmitted', service: 'leaderboard' }, 'replaying', (event) =>
      call(ReplayHeld.reply, 'POST', `${place(event)}/replay`),
    );
    expect(outcome).toEqual({ changed: 451, gone: 0, failures: [] });
    await until(async () => Object.keys(await stateOf('leaderboard')).length === 0);
    expect(await lab.query('leaderboard', 'select 1 from standing')).toHaveLength(451);
  });

  it('are all discarded, with the reason in their audit', async () => {
    const discard = (event: HeldEvent) =>
      call(DiscardHeld.reply, 'POST', `${place(event)}/discard`, { reason: 'test data' });
    expect(await actOnAll({ service: 'comparator' }, 'discarding', discard)).toMatchObject({ changed: 31 });
    expect(await stateOf('comparator')).toEqual({ discarded: 31 });
    const [{ audit }] = (await holdersOf(shared, 'comparator')) as [Awaited<ReturnType<typeof holdersOf>>[0]];
    expect(audit).toMatchObject([{ by: 'admin', action: 'discard', note: 'test data' }]);
    expect(await actOnAll({ service: 'comparator' }, 'discarding', discard)).toMatchObject({ changed: 0 });
  });

  it('that somebody else has dealt with meanwhile are counted, and the others go on', async () => {
    const ids = [randomUUID(), randomUUID()];
    await bury('comparator', ids);
    const outcome = await actOnAll({ service: 'comparator' }, 'replaying', async (event) => {
      if (event.eventId === ids[0]) await lab.query('comparator', 'delete from held where event_id = $1', [ids[0]]);
      return call(ReplayHeld.reply, 'POST', `${place(event)}/replay`);
    });
    expect(outcome).toEqual({ changed: 1, gone: 1, failures: [] });
  });
});
