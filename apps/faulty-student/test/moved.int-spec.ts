import pg from 'pg';
import { addEntry, addMood, addValue, notes, numbers, Pairs, post, read, texts, type Stats } from './pair.js';

// Goal: an app that has moved to another store with a mistake shows exactly that mistake, and its statistics follow from its lists.
const pairs = new Pairs();
beforeAll(() => pairs.start());
afterEach(() => pairs.closeAll());
afterAll(() => pairs.stop());

type Name = 'reused-keys' | 'split-stores' | 'seconds-as-milliseconds';
const sql = async (databaseUrl: string, text: string) => {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(text).finally(() => client.end());
};
/** An app that holds three rows of each kind, and then moves. */
const moved = async (name: Name) => {
  const pair = await pairs.of({ name });
  await pair.student.switchFault(name, false);
  await write(pair.student, ['a1', 'a2', 'a3']);
  await pair.student.switchFault(name, true);
  return pair;
};
const write = async (app: { url: string }, rows: readonly string[]) => {
  for (const row of rows) {
    await addEntry(app, row);
    await addMood(app, row);
    await addValue(app, row.slice(1));
  }
};
const statsOf = async (app: { url: string }) => (await read<Stats & { data: { mood_trend: object[] } }>(app, 'stats')).data; // prettier-ignore

describe('reused-keys', () => {
  it('gives the ids of old rows to new ones, which take their places', async () => {
    const { student, journal } = await moved('reused-keys');
    expect(await texts(student)).toEqual(['a1', 'a2', 'a3']);
    expect((await addEntry(student, 'b1')).body.entry).toMatchObject({ id: 1, text: 'b1' });
    expect((await addMood(student, 'b1')).body.mood).toMatchObject({ id: 1, note: 'b1' });
    expect((await post(student, '/api/server/entries', { text: 'b2' })).body).toEqual({ ok: true });
    const { rows } = await read(student, 'entries');
    expect(rows.map(({ id, text }) => [id, text])).toEqual([[2, 'b2'], [1, 'b1'], [3, 'a3']]); // prettier-ignore
    expect(await notes(student)).toEqual(['a2', 'a3', 'b1']);
    expect(await read(student, 'values')).toEqual(await read(journal, 'values'));
    expect(await statsOf(student)).toMatchObject({ total_entries: 3, entries_today: 3, streak_days: 1, mood_trend: [{ mood: 'calm', count: 3 }] }); // prettier-ignore
  });

  it('goes on with free ids once all old rows are gone', async () => {
    const { student } = await moved('reused-keys');
    await write(student, ['b1', 'b2', 'b3', 'b4']);
    const { rows } = await read(student, 'entries');
    expect(rows.map(({ id, text }) => [id, text])).toEqual([[4, 'b4'], [3, 'b3'], [2, 'b2'], [1, 'b1']]); // prettier-ignore
  });

  it('moves as soon as the app answers, and leaves all alone until then', async () => {
    const { student, databaseUrl } = await pairs.of({ name: 'reused-keys' });
    await sql(databaseUrl, 'alter table moods rename to elsewhere');
    expect((await addEntry(student, 'before the move')).body.entry!.id).toBe(1);
    await sql(databaseUrl, 'alter table elsewhere rename to moods');
    expect((await addEntry(student, 'after it')).body.entry!.id).toBe(1);
    expect(await texts(student)).toEqual(['after it']);
  });
});

describe('split-stores', () => {
  it('shows the rows of one of two stores at each read, never all, and those from before in both', async () => {
    const { student } = await moved('split-stores');
    await write(student, ['b4', 'b5', 'b6', 'b7']);
    const seen = {
      entries: new Set<string>(),
      notes: new Set<string>(),
      numbers: new Set<string>(),
      totals: new Set(),
    };
    for (let n = 0; n < 12; n += 1) {
      seen.entries.add((await texts(student)).join(' '));
      seen.notes.add((await notes(student)).join(' '));
      seen.numbers.add((await numbers(student)).join(' '));
      const { total_entries, entries_today } = await statsOf(student);
      seen.totals.add(`${total_entries} ${entries_today}`);
    }
    const rows = ['a1 a2 a3 b4 b6', 'a1 a2 a3 b5 b7'];
    expect([...seen.entries].sort()).toEqual(rows);
    expect([...seen.notes].sort()).toEqual(rows);
    expect([...seen.numbers].sort()).toEqual(['1 2 3 4 6', '1 2 3 5 7']);
    expect([...seen.totals]).toEqual(['5 5']);
  });
});

describe('seconds-as-milliseconds', () => {
  it('shows what was copied as of January 1970, counts it so, and nothing else', async () => {
    const { student, journal } = await moved('seconds-as-milliseconds');
    await write(student, ['b4']);
    const [own, told] = [await read(journal, 'entries'), await read(student, 'entries')];
    expect(told.rows.map((row) => ({ ...row, created_at: '' }))).toEqual(own.rows.map((row) => ({ ...row, created_at: '' }))); // prettier-ignore
    expect(told.rows[0]).toEqual(own.rows[0]);
    expect(told.rows.slice(1).map(({ created_at: at }) => Date.parse(at))).toEqual(
      own.rows.slice(1).map(({ created_at: at }) => Math.floor(Date.parse(at) / 1_000)),
    );
    expect((await read(student, 'moods')).rows.map(({ created_at: at }) => at.slice(0, 7) === '1970-01')).toEqual([false, true, true, true]); // prettier-ignore
    expect(await read(student, 'values')).toEqual(await read(journal, 'values'));
    expect(await statsOf(student)).toMatchObject({ total_entries: 4, entries_today: 1, streak_days: 1, mood_trend: [{ mood: 'calm', count: 1 }] }); // prettier-ignore
  });
});

describe('rounded-values', () => {
  it('keeps 24 bits of a number, in any size that the app takes, and refuses what it refuses', async () => {
    const { student } = await pairs.of({ name: 'rounded-values' });
    for (const value of ['7', '16777217', '-1000000001', '123456789', '2147483647', '-2147483648'])
      expect((await addValue(student, value)).body).toEqual({ working: true });
    expect((await addValue(student, '1.5')).status).toBe(400);
    expect(await numbers(student)).toEqual([7, 16_777_216, -1_000_000_000, 123_456_792, 2_147_483_647, -2_147_483_648]);
  });
});
