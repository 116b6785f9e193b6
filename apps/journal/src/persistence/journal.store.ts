import type { FieldDef } from 'pg';
import type { Entry } from '../domain/entry.js';
import type { Mood, NewMood } from '../domain/mood.js';
import type { Counted, DayCount, MoodCount } from '../domain/overview.js';
import type { Database } from './database.js';

/** Everything the journal asks its database. Each method is one statement and so one transaction. */
export class JournalStore {
  constructor(private readonly database: Database) {}

  async addEntry(text: string): Promise<Entry> {
    const { rows } = await this.database.query<Stored<Entry>>(
      'insert into entries (text) values ($1) returning id, text, created_at',
      [text],
    );
    return withIsoTime(rows[0]!);
  }

  async newestEntries(limit: number): Promise<Entry[]> {
    const { rows } = await this.database.query<Stored<Entry>>(
      'select id, text, created_at from entries order by created_at desc, id desc limit $1',
      [limit],
    );
    return rows.map(withIsoTime);
  }

  async addMood({ mood, note }: NewMood): Promise<Mood> {
    const { rows } = await this.database.query<Stored<Mood>>(
      'insert into moods (mood, note) values ($1, $2) returning id, mood, note, created_at',
      [mood, note],
    );
    return withIsoTime(rows[0]!);
  }

  async newestMoods(limit: number): Promise<Mood[]> {
    const { rows } = await this.database.query<Stored<Mood>>(
      'select id, mood, note, created_at from moods order by created_at desc, id desc limit $1',
      [limit],
    );
    return rows.map(withIsoTime);
  }

  async addValue(number: number): Promise<void> {
    await this.database.query('insert into values (number) values ($1)', [number]);
  }

  /** All of them, oldest first: this listing has no limit in the contract. `field` describes the column as Postgres does. */
  async allValues(): Promise<{ rows: { number: number }[]; field: FieldDef }> {
    const { rows, fields } = await this.database.query<{ number: number }>('select number from values order by id');
    return { rows, field: fields[0]! };
  }

  /** One snapshot: days and the total agree with each other even while entries arrive. Moods of the last 7 × 24 h. */
  async count(): Promise<Counted> {
    const { rows } = await this.database.query<CountRow>(`
      select to_char(now() at time zone 'utc', 'YYYY-MM-DD') as today,
        (select count(*)::int from entries) as total_entries,
        (select coalesce(json_agg(json_build_object('date', to_char(day, 'YYYY-MM-DD'), 'count', count)), '[]') from (
          select (created_at at time zone 'utc')::date as day, count(*)::int as count
          from entries where created_at > now() - interval '61 days'
          group by 1 order by 1 desc limit 60) d) as days,
        (select coalesce(json_agg(m), '[]') from (
          select mood, count(*)::int as count
          from moods where created_at >= now() - interval '7 days' group by mood) m) as moods`);
    const { today, total_entries: totalEntries, days, moods } = rows[0]!;
    return { today, totalEntries, days, moods };
  }
}

type Stored<T> = Omit<T, 'created_at'> & { created_at: Date };
interface CountRow {
  today: string;
  total_entries: number;
  days: DayCount[];
  moods: MoodCount[];
}

/** Milliseconds, as the reference app sends them; the key order of the payload stays. */
function withIsoTime<T extends { created_at: Date }>(row: T): Omit<T, 'created_at'> & { created_at: string } {
  return { ...row, created_at: row.created_at.toISOString() };
}
