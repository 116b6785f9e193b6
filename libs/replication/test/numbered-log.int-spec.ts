import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '#libs/platform/src/database.js';
import type { Tx } from '#libs/platform/src/transaction.js';
import { TestDatabase } from '#libs/testing/src/test-database.js';
import { lockCursor } from '../src/cursor.js';
import { append, head, noteReader, number, prune, read, type LogEntry } from '../src/numbered-log.js';

const entry = (key: string, body = '{}'): LogEntry => ({
  id: randomUUID(),
  name: 'Thing',
  key,
  body,
  traceparent: undefined,
});
const write = (database: Database, ...entries: LogEntry[]) => database.transaction((tx) => append(tx, entries));
const untilTrue = async (isTrue: () => Promise<boolean>) => {
  while (!(await isTrue())) await pause(5);
};

describe('the numbered log', () => {
  let server: TestDatabase;
  let database: Database;
  let count = 0;
  beforeAll(async () => {
    server = await TestDatabase.start();
  });
  beforeEach(async () => {
    database = await server.open(`log_${(count += 1)}`);
  });
  afterAll(() => server?.stop());

  it('gives a row that commits late a later number, so that a reader by number misses none; a reader by position would', async () => {
    let commitLate = () => {};
    const late = entry('late');
    const lateCommit = database.transaction(async (tx) => {
      await append(tx, [late]);
      await new Promise<void>((done) => (commitLate = done));
    });
    await untilTrue(
      async () =>
        (await database.query('select 1 from pg_stat_activity where state = $1', ['idle in transaction'])).length > 0,
    );
    await write(database, entry('early'));
    const first = await number(database, 10);
    const [seen] = await database.query<{ position: number }>('select max(position)::float8 as position from outbox');
    commitLate();
    await lateCommit;
    const second = await number(database, 10);
    expect([first.map((row) => [row.n, row.key]), second.map((row) => [row.n, row.key])]).toEqual([
      [[1, 'early']],
      [[2, 'late']],
    ]);
    expect((await read(database, 1, 10)).map((row) => row.id)).toEqual([late.id]);
    expect(await database.query('select 1 from outbox where position > $1', [seen!.position])).toEqual([]);
  });

  it('numbers densely, and per key in the order of commits, while writers run, roll back and commit late', async () => {
    await database.query('create table counter (key text primary key, value int not null)');
    await database.query(`insert into counter select 'key ' || k, 0 from generate_series(0, 4) as k`);
    const keys = ['key 0', 'key 1', 'key 2', 'key 3', 'key 4'];
    const stop = AbortSignal.timeout(700);
    let failed = 0;
    const bump = async (tx: Tx, key: string, seed: number) => {
      const [row] = await tx.query<{ value: number }>(
        'update counter set value = value + 1 where key = $1 returning value',
        [key],
      );
      await append(tx, [entry(key, String(row!.value))]);
      if (seed % 4 === 0) await pause(seed % 7);
      if (seed % 9 === 0) throw new Error('rolled back');
    };
    const writer = async (index: number) => {
      for (let turn = index; !stop.aborted; turn += 1)
        await database.transaction((tx) => bump(tx, keys[(turn * 7) % 5]!, turn)).catch(() => (failed += 1));
    };
    const numbering = (async () => {
      const order: number[] = [];
      while (!stop.aborted) order.push(...(await number(database, 20)).map((row) => row.n));
      return order;
    })();
    await Promise.all([0, 1, 2, 3, 4, 5].map(writer));
    const order = await numbering;
    while ((await number(database, 500)).length > 0);
    const rows = await read(database, 0, 100_000);
    expect(failed).toBeGreaterThan(0);
    expect(rows.length).toBeGreaterThan(100);
    expect(order).toEqual(order.map((_, index) => index + 1));
    expect(rows.map((row) => row.n)).toEqual(rows.map((_, index) => index + 1));
    for (const key of keys) {
      const values = rows.filter((row) => row.key === key).map((row) => Number(row.body));
      expect(values).toEqual(values.map((_, index) => index + 1));
    }
    expect(await head(database)).toMatchObject({ n: rows.length, unnumbered: 0 });
  });

  it('reads at most so many bytes, not characters, and always one row', async () => {
    const wide = JSON.stringify('ж'.repeat(1_000));
    await write(database, ...Array.from({ length: 5 }, () => entry('k', wide)));
    await number(database, 10);
    expect((await read(database, 0, 10, 4_100)).length).toBe(2);
    expect((await read(database, 0, 10, 10)).length).toBe(1);
  });

  it('refuses a body that no message could carry', async () => {
    await expect(write(database, entry('k', JSON.stringify('x'.repeat(1_000_000))))).rejects.toThrow(
      /outbox_fits_a_message/,
    );
    await expect(write(database, entry('k', JSON.stringify('x'.repeat(999_998))))).resolves.toBeUndefined();
  });

  describe('pruning', () => {
    const fill = async (rows: number) => {
      await write(database, ...Array.from({ length: rows }, () => entry('k')));
      await number(database, rows);
    };
    const age = (where: string) =>
      database.query(`update outbox set appended_at = clock_timestamp() - interval '25 hours' where ${where}`);

    it('waits for every reader, the slowest of them, and for those that have never told', async () => {
      await fill(10);
      await age('true');
      await noteReader(database, 'a', 9);
      expect(await prune(database, ['a', 'b'], 24)).toBe(0);
      await noteReader(database, 'b', 4);
      expect(await prune(database, ['a', 'b'], 24)).toBe(4);
      expect(await head(database)).toMatchObject({ n: 10, pruned: 4 });
      expect((await read(database, 0, 99))[0]?.n).toBe(5);
    });

    it('keeps young rows, and every row after a young one', async () => {
      await fill(6);
      await noteReader(database, 'a', 6);
      await age('n <> 4');
      expect(await prune(database, ['a'], 24)).toBe(3);
      expect((await read(database, 0, 99)).map((row) => row.n)).toEqual([4, 5, 6]);
      expect(await head(database)).toMatchObject({ pruned: 3 });
    });

    it('takes at most so many rows at once', async () => {
      await fill(10);
      await noteReader(database, 'a', 10);
      await age('true');
      expect(await prune(database, ['a'], 24, 7)).toBe(7);
      expect(await prune(database, ['a'], 24, 7)).toBe(3);
    });

    it('never takes a reader back', async () => {
      await noteReader(database, 'a', 9);
      await noteReader(database, 'a', 3);
      expect(await database.query('select n::int as n from outbox_reader')).toEqual([{ n: 9 }]);
    });
  });

  it('lets one reader at a time move a cursor; the second sees where the first has left it', async () => {
    const order: string[] = [];
    const move = (name: string) =>
      database.transaction(async (tx) => {
        const before = await lockCursor(tx, 'other');
        order.push(`${name} at ${before.n}`);
        await tx.query('update cursor set n = n + 5 where log = $1', ['other']);
        await pause(30);
        order.push(`${name} done`);
      });
    await Promise.all([move('a'), move('a')]);
    expect(order).toEqual(['a at 0', 'a done', 'a at 5', 'a done']);
  });
});
