import { FillClosed } from '#libs/contracts/src/filler.js';
import { AppWithdrawn } from '#libs/contracts/src/submission.js';
import type { Database } from '#libs/platform/src/database.js';
import { TestDatabase } from '#libs/testing/src/test-database.js';
import { Outbox } from '../src/outbox.js';

const appId = '0199f0a0-0000-7000-8000-000000000001';
const withdrawn = (by: string) => ({ appId, by, at: '2026-01-01T00:00:00.000Z' });

describe('sending', () => {
  let server: TestDatabase;
  let database: Database;
  let count = 0;
  let wakes: number;
  let outbox: Outbox;
  const sent = async () =>
    (await database.query<{ body: string }>('select body from outbox order by position')).map(
      ({ body }) => (JSON.parse(body) as { by: string }).by,
    );
  beforeAll(async () => {
    server = await TestDatabase.start();
  });
  beforeEach(async () => {
    database = await server.open(`outbox_${(count += 1)}`);
    wakes = 0;
    outbox = new Outbox('submission', () => (wakes += 1));
  });
  afterAll(() => server?.stop());

  it('writes the events of a transaction in their order, with it, and wakes the relay once', async () => {
    await database.transaction(async (tx) => {
      for (const by of ['a', 'b', 'c']) outbox.send(tx, AppWithdrawn, withdrawn(by));
      expect(await sent()).toEqual([]);
    });
    expect([await sent(), wakes]).toEqual([['a', 'b', 'c'], 1]);
  });

  it('writes nothing when the transaction fails, and wakes nobody', async () => {
    const failing = database.transaction(async (tx) => {
      outbox.send(tx, AppWithdrawn, withdrawn('a'));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect([await sent(), wakes]).toEqual([[], 0]);
  });

  it('refuses an event of another service, and data that break the contract', async () => {
    await database.transaction(async (tx) => {
      const closed = { fillId: appId, number: 1, closedAt: '2026-01-01T00:00:00Z', filled: 1, partly: 0, givenUp: 0 };
      expect(() => outbox.send(tx, FillClosed, closed)).toThrow('submission must not send FillClosed');
      expect(() => outbox.send(tx, AppWithdrawn, { ...withdrawn('a'), appId: 'nonsense' })).toThrow(/appId/);
    });
    expect(await sent()).toEqual([]);
  });

  it('sends from a step before the commit, or refuses; it never forgets', async () => {
    await database.transaction(async (tx) => {
      tx.beforeCommit('early', async () => outbox.send(tx, AppWithdrawn, withdrawn('early')));
    });
    const late = database.transaction(async (tx) => {
      outbox.send(tx, AppWithdrawn, withdrawn('first'));
      tx.beforeCommit('late', async () => outbox.send(tx, AppWithdrawn, withdrawn('late')));
    });
    await expect(late).rejects.toThrow('send them earlier');
    expect(await sent()).toEqual(['early']);
  });
});
