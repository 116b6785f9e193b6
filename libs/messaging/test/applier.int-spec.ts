import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { event } from '#libs/contracts/src/contract.js';
import type { SqlMigration } from '#libs/platform/src/sql-migration.js';
import type { Database } from '#libs/platform/src/database.js';
import { quiet, TestDatabase } from '#libs/testing/src/test-database.js';
import { Applier } from '../src/applier.js';
import type { Envelope } from '../src/envelope.js';
import type { EventHandler } from '../src/handlers.js';
import { OperationsController } from '../src/operations.controller.js';

const Counted = event('Counted', z.object({ key: z.string(), value: z.int() }), (data) => data.key);
const effects: SqlMigration = {
  name: '0201-effects',
  up: 'create table effect (position int generated always as identity, n int, key text, value int)',
  down: 'drop table effect',
};
type Data = z.output<typeof Counted.schema>;

/** Events as they come from the log `other`; the number is their place in the list, from 1. */
const eventsOf = (...data: (Data | string)[]): Envelope[] =>
  data.map((one, index) => ({
    producer: 'other',
    logId: '0199f0a0-0000-7000-8000-000000000001',
    n: index + 1,
    id: randomUUID(),
    name: 'Counted',
    key: typeof one === 'string' ? 'broken' : one.key,
    body: typeof one === 'string' ? one : JSON.stringify(one),
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    appendedAt: '2026-01-01T00:00:00.000000Z',
  }));
const good = (key: string, value: number): Data => ({ key, value });

describe('applying events', () => {
  let server: TestDatabase;
  let database: Database;
  let count = 0;
  /** Values whose handler throws, until it is taken away. */
  let poison: Set<number>;
  let invoked: number[];
  const operations = new OperationsController('leaderboard');

  /** An instance of the service: each has a memory of its own. */
  const instance = (handle: EventHandler = write, retryDelaysMs: readonly number[] = [0, 0, 0]) =>
    new Applier({
      service: 'leaderboard',
      database,
      handlers: new Map([['Counted', { contract: Counted, handle }]]),
      logger: quiet,
      retryDelaysMs,
    });
  const write: EventHandler = async (message, tx) => {
    const { key, value } = message.data as Data;
    invoked.push(value);
    await tx.query('insert into effect (n, key, value) values ($1, $2, $3)', [message.n, key, value]);
    if (poison.has(value)) throw new Error(`no ${value} today`);
  };
  const values = async () =>
    (await database.query<{ value: number }>('select value from effect order by position')).map((row) => row.value);
  const held = () =>
    database.query<{ n: number; state: string; attempts: number; error: string | null; id: string }>(
      'select n::int as n, state, attempts, error, event_id as id from held order by n',
    );
  const cursor = async () => (await database.query<{ n: number }>('select n::int as n from cursor'))[0]?.n;
  const replay = (eventId: string) => database.transaction((tx) => operations.replay({ eventId, by: 'ada' }, tx));
  const discard = (eventId: string) =>
    database.transaction((tx) => operations.discard({ eventId, by: 'ada', reason: 'given up' }, tx));

  beforeAll(async () => {
    server = await TestDatabase.start();
  });
  beforeEach(async () => {
    database = await server.open(`applier_${(count += 1)}`, [effects]);
    poison = new Set();
    invoked = [];
  });
  afterAll(() => server?.stop());

  it('applies a run once, however often and by whomever it is offered', async () => {
    const events = eventsOf(good('a', 1), good('b', 2), good('a', 3));
    const [one, two] = [instance(), instance()];
    await Promise.all([one.apply('other', events), two.apply('other', events)]);
    await one.apply('other', events.slice(1));
    expect([await values(), await cursor()]).toEqual([[1, 2, 3], 3]);
  });

  it('applies what is new of a run that it has seen in part', async () => {
    const events = eventsOf(good('a', 1), good('a', 2), good('a', 3));
    await instance().apply('other', events.slice(0, 2));
    await instance().apply('other', events);
    expect([await values(), await cursor()]).toEqual([[1, 2, 3], 3]);
  });

  it('refuses a run that does not follow on the cursor, and does nothing', async () => {
    await expect(instance().apply('other', eventsOf(good('a', 1), good('a', 2)).slice(1))).rejects.toThrow(/cursor/);
    expect([await values(), await held()]).toEqual([[], []]);
  });

  it('refuses rows of another log than it has read, and does nothing', async () => {
    const [first, ...rest] = eventsOf(good('a', 1), good('a', 2), good('a', 3));
    const ofAnother = rest.map((event) => ({ ...event, logId: randomUUID() }));
    await expect(instance().apply('other', [first!, ...ofAnother])).rejects.toThrow(/another log/);
    await instance().apply('other', [first!]);
    await expect(instance().apply('other', ofAnother)).rejects.toThrow(/another log/);
    expect([await values(), await cursor()]).toEqual([[1], 1]);
  });

  it('holds back the event whose handler throws, lets the others go on, and leaves nothing of the failed attempt', async () => {
    poison.add(2);
    await instance().apply('other', eventsOf(good('a', 1), good('b', 2), good('c', 3)));
    expect([await values(), await cursor()]).toEqual([[1, 3], 3]);
    expect(await held()).toMatchObject([{ n: 2, state: 'retrying', attempts: 1, error: 'no 2 today' }]);
  });

  it('holds back an event whatever its error says, even what Postgres cannot store', async () => {
    const spiteful: EventHandler = async () => {
      throw new Error(`no \0 ${'x'.repeat(5_000)}`);
    };
    await instance(spiteful).apply('other', eventsOf(good('a', 1)));
    expect((await held())[0]).toMatchObject({
      n: 1,
      state: 'retrying',
      error: expect.stringMatching(/^no {2}x{1995,}$/),
    });
  });

  it('invokes the others of a large batch a few times at most, not one transaction each', async () => {
    poison.add(250);
    const events = eventsOf(...Array.from({ length: 500 }, (_, index) => good(`key ${index}`, index + 1)));
    const before = await transactions();
    await instance().apply('other', events);
    expect((await transactions()) - before).toBeLessThan(50);
    expect((await values()).length).toBe(499);
  });
  const transactions = async () => {
    await database.query('select pg_stat_force_next_flush()');
    const [row] = await database.query<{ count: number }>(
      'select xact_commit::float8 as count from pg_stat_database where datname = current_database()',
    );
    return row!.count;
  };

  it('lets later events of a held key wait, and applies them in order when the first succeeds', async () => {
    poison.add(1);
    const applier = instance();
    await applier.apply('other', eventsOf(good('a', 1), good('b', 2), good('a', 3), good('a', 4)));
    expect((await held()).map((row) => row.state)).toEqual(['retrying', 'waiting', 'waiting']);
    poison.clear();
    while (await applier.retryHeld('other'));
    expect([await values(), await held()]).toEqual([[2, 1, 3, 4], []]);
  });

  it('lets an event wait behind one that another instance has put aside meanwhile', async () => {
    poison.add(2);
    const events = eventsOf(good('a', 1), good('b', 2), good('b', 3));
    const [stopped, other] = [instance(), instance()];
    await stopped.apply('other', events.slice(0, 1));
    await other.apply('other', events.slice(0, 2));
    await stopped.apply('other', events);
    expect((await held()).map((row) => [row.n, row.state])).toEqual([
      [2, 'retrying'],
      [3, 'waiting'],
    ]);
    expect(await values()).toEqual([1]);
  });

  it('gives up after the last delay: dead, with cause, trace and attempts; a person may replay it, to take effect once', async () => {
    poison.add(1);
    const applier = instance();
    await applier.apply('other', eventsOf(good('a', 1), good('a', 2)));
    while (await applier.retryHeld('other'));
    const [dead, waiting] = await held();
    expect([dead, waiting]).toMatchObject([{ state: 'dead', attempts: 4, error: 'no 1 today' }, { state: 'waiting' }]);
    poison.clear();
    const shown = await database.transaction((tx) => operations.show({ eventId: dead!.id }, tx));
    expect(shown).toMatchObject({
      event: { traceId: '0af7651916cd43dd8448eb211c80319c' },
      body: { key: 'a', value: 1 },
    });
    await replay(dead!.id);
    await replay(dead!.id);
    while (await applier.retryHeld('other'));
    expect([await values(), await held()]).toEqual([[1, 2], []]);
    await expect(replay(dead!.id)).rejects.toThrow(/holds no event/);
    const audit = await database.query<{ action: string; actor: string }>('select action, actor from held_audit');
    expect(audit).toEqual([
      { action: 'replay', actor: 'ada' },
      { action: 'replay', actor: 'ada' },
    ]);
  });

  it('lets the key go on when its dead event is discarded, and keeps that one for the audit', async () => {
    poison.add(1);
    const applier = instance(write, []);
    await applier.apply('other', eventsOf(good('a', 1), good('a', 2)));
    const [dead] = await held();
    await expect(discard((await held())[1]!.id)).rejects.toThrow(/waiting/);
    await discard(dead!.id);
    while (await applier.retryHeld('other'));
    expect([await values(), (await held()).map((row) => row.state)]).toEqual([[2], ['discarded']]);
    await applier.apply('other', eventsOf(good('a', 1), good('a', 2), good('a', 3)));
    expect(await values()).toEqual([2, 3]);
  });

  it('sends what breaks its contract to the dead letters at once', async () => {
    await instance().apply('other', eventsOf('{"key":"a","value":"many"}', 'not json', good('c', 3)));
    expect(await held()).toMatchObject([
      { n: 1, state: 'dead', attempts: 1, error: expect.stringMatching(/breaks its contract: value/) },
      { n: 2, state: 'waiting' },
    ]);
    expect(await values()).toEqual([3]);
    await discard((await held())[0]!.id);
    while (await instance().retryHeld('other'));
    expect((await held())[1]).toMatchObject({ state: 'dead', error: expect.stringMatching(/not JSON/) });
  });

  it('leaves no event waiting for ever when the one before it is discarded at the same moment', async () => {
    poison.add(1);
    let letGo = () => {};
    let inHandler = () => {};
    const reached = new Promise<void>((done) => (inHandler = done));
    const slow: EventHandler = async (message, tx) => {
      await write(message, tx);
      if ((message.data as Data).value !== 3) return;
      inHandler();
      await new Promise<void>((done) => (letGo = done));
    };
    const applier = instance(slow, []);
    const events = eventsOf(good('a', 1), good('a', 2), good('b', 3));
    await applier.apply('other', events.slice(0, 1));
    const applying = applier.apply('other', events);
    await reached;
    const discarding = discard((await held())[0]!.id);
    await untilOneWaits();
    letGo();
    await Promise.all([applying, discarding]);
    while (await applier.retryHeld('other'));
    expect([await values(), (await held()).map((row) => row.state)]).toEqual([[3, 2], ['discarded']]);
  });
  const untilOneWaits = async () => {
    const blocked = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    const end = performance.now() + 500;
    while (performance.now() < end && (await database.query(blocked)).length === 0);
  };

  it('does not put an event aside again that another instance has applied, or a person discarded, during the attempt', async () => {
    poison.add(1);
    const events = eventsOf(good('a', 1));
    await instance().apply('other', events);
    let reached = () => {};
    const failing = new Promise<void>((done) => (reached = done));
    let letGo = () => {};
    const stopped = new Promise<void>((done) => (letGo = done));
    const stalling: Database = Object.create(database, {
      transaction: {
        value: async (work: Parameters<Database['transaction']>[0]) => {
          try {
            return await database.transaction(work);
          } catch (error) {
            reached();
            await stopped;
            throw error;
          }
        },
      },
    }) as Database;
    const slow = new Applier({
      service: 'leaderboard',
      database: stalling,
      handlers: new Map([['Counted', { contract: Counted, handle: write }]]),
      logger: quiet,
      retryDelaysMs: [0, 0, 0],
    });
    const late = slow.retryHeld('other');
    await failing;
    poison.clear();
    await instance().retryHeld('other');
    letGo();
    await late;
    while (await instance().retryHeld('other'));
    expect([await values(), await held()]).toEqual([[1], []]);
  });

  it('suspects at last an event that the database refuses again and again, and lets the others go on', async () => {
    const refused: EventHandler = async (message, tx) => {
      await write(message, tx);
      if ((message.data as Data).value === 2) throw Object.assign(new Error('too slow'), { code: '57014' });
    };
    const events = eventsOf(good('a', 1), good('b', 2), good('c', 3));
    const applier = instance(refused);
    let offers = 0;
    while ((await cursor()) !== 3 && (offers += 1) < 50) await applier.apply('other', events).catch(() => undefined);
    expect([await values(), (await held()).map((row) => [row.n, row.state])]).toEqual([[1, 3], [[2, 'retrying']]]);
    expect(offers).toBeGreaterThan(3);
    for (let tries = 0; tries < 50 && (await held())[0]!.state === 'retrying'; tries += 1)
      await applier.retryHeld('other').catch(() => undefined);
    expect(await held()).toMatchObject([{ n: 2, state: 'dead', error: 'too slow' }]);
  });

  it('keeps an event that its catalogue does not know: it may be older than the sender', async () => {
    const [unknown, next] = eventsOf(good('a', 1), good('a', 2));
    await instance().apply('other', [{ ...unknown!, name: 'SomethingNew' }, next!]);
    expect(await held()).toMatchObject([
      { n: 1, state: 'retrying', error: expect.stringMatching(/older than/) },
      { n: 2, state: 'waiting' },
    ]);
    const elsewhere = eventsOf(good('c', 1)).map((event) => ({ ...event, n: 3, name: 'FillClosed' }));
    expect(await instance().apply('other', elsewhere)).toBe(3);
    expect([await values(), await cursor()]).toEqual([[], 3]);
  });

  it('takes no more than about a second at once: a person who waits for the cursor gets a turn', async () => {
    const slow: EventHandler = async (message, tx) => {
      await write(message, tx);
      await tx.query('select pg_sleep(0.4)');
    };
    const events = eventsOf(...Array.from({ length: 6 }, (_, index) => good('k', index + 1)));
    const reached = await instance(slow).apply('other', events);
    expect(reached).toBeGreaterThan(0);
    expect(reached).toBeLessThan(6);
    while ((await cursor())! < 6) await instance(slow).apply('other', events);
    expect(await values()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('counts no attempt when it is the database that fails', async () => {
    const dying: EventHandler = async (message, tx) => {
      await write(message, tx);
      if (invoked.length === 1) await tx.query('select pg_terminate_backend(pg_backend_pid())');
    };
    const events = eventsOf(good('a', 1));
    const applier = instance(dying);
    await expect(applier.apply('other', events)).rejects.toThrow();
    expect([await values(), await held(), await cursor()]).toEqual([[], [], undefined]);
    await applier.apply('other', events);
    expect(await values()).toEqual([1]);
  });
});
