import type pg from 'pg';
import { lockId, type Database } from '#libs/platform/src/database.js';
import { quiet, TestDatabase } from '#libs/testing/src/test-database.js';
import { LockKeeper, type Lock } from '../src/lock-keeper.js';

const times = { askMs: 20, renewMs: 50, deposeAfterMs: 400 };
const never = new AbortController().signal;

describe('the keeper of locks', () => {
  let server: TestDatabase;
  let database: Database;
  let count = 0;
  const keepers: LockKeeper[] = [];
  const keeper = (given = times) => {
    const made = new LockKeeper(database, quiet, given);
    keepers.push(made);
    return made;
  };
  const pidOf = async (name: string) =>
    (await database.query<{ pid: number }>('select backend_pid as pid from lock_holder where name = $1', [name]))[0]!
      .pid;
  const acquire = async (by: LockKeeper, name = 'outbox') => (await by.acquire(name, never)) as Lock;

  beforeAll(async () => {
    server = await TestDatabase.start();
  });
  beforeEach(async () => {
    database = await server.open(`locks_${(count += 1)}`);
  });
  afterEach(async () => {
    await Promise.all(keepers.splice(0).map((one) => one.close()));
  });
  afterAll(() => server?.stop());

  it('gives a name to one process at a time, and to the next when it is released', async () => {
    const [first, second] = [keeper(), keeper()];
    const lock = await acquire(first);
    let got = false;
    const waiting = acquire(second).then((next) => ((got = true), next));
    await expect(second.acquire('outbox', AbortSignal.timeout(200))).resolves.toBeUndefined();
    expect(got).toBe(false);
    await lock.release();
    await lock.lost;
    expect((await waiting).name).toBe('outbox');
  });

  it('tells a holder whose connection was ended; what it still writes through the lock fails, and another holds it at once', async () => {
    const lock = await acquire(keeper());
    await database.query('select pg_terminate_backend($1)', [await pidOf('outbox')]);
    const next = await acquire(keeper());
    await lock.lost;
    await expect(lock.connection.query('select 1')).rejects.toThrow();
    expect(await next.connection.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('holds all its names on one connection and loses them together', async () => {
    const one = keeper();
    const locks = [await acquire(one, 'a'), await acquire(one, 'b')];
    await database.query('select pg_terminate_backend($1)', [await pidOf('a')]);
    await Promise.all(locks.map((lock) => lock.lost));
    expect((await acquire(one, 'a')).name).toBe('a');
  });

  it('deposes a holder that has been silent too long, and leaves one that shows signs of life', async () => {
    const silent = await acquire(keeper({ ...times, renewMs: 60_000 }));
    const began = performance.now();
    const next = await acquire(keeper());
    expect(performance.now() - began).toBeGreaterThan(times.deposeAfterMs - 50);
    await silent.lost;
    await expect(keeper().acquire('outbox', AbortSignal.timeout(3 * times.deposeAfterMs))).resolves.toBeUndefined();
    expect(await next.connection.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('never ends a backend of another database, though process ids recur and lock names are the same everywhere', async () => {
    const url = await server.postgres.ensureDatabase('twin', { password: 'test' });
    const otherUrl = await server.postgres.cloneDatabase(url, 'twin_of_same_owner');
    const [near, far] = [await server.openAt(url, 'twin'), await server.openAt(otherUrl, 'twin')];
    const [here, elsewhere] = [await acquireByHand(near), await acquireByHand(far)];
    const { pid } = (await elsewhere.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!;
    await near.query(`insert into lock_holder values ('outbox', $1, clock_timestamp() - interval '1 hour')`, [pid]);
    const asking = new LockKeeper(near, quiet, times);
    await expect(asking.acquire('outbox', AbortSignal.timeout(200))).resolves.toBeUndefined();
    expect((await elsewhere.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await asking.close();
    await Promise.all([here.end(), elsewhere.end()]);
  });
});

/** A holder that has not yet written down that it holds the lock. */
async function acquireByHand(database: Database): Promise<pg.Client> {
  const client = await database.connect();
  await client.query('select pg_advisory_lock($1)', [lockId('outbox')]);
  return client;
}
