import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/src/database.js';

/** So many uses by one subject within so many minutes of its first one; then it begins anew. */
export interface Limit {
  readonly name: string;
  readonly max: number;
  readonly minutes: number;
}

export interface Use {
  readonly allowed: boolean;
  readonly left: number;
  readonly resetsAt: Date;
  readonly resetsInSeconds: number;
}

interface UseRow {
  readonly used: number;
  readonly resetsAt: string;
  readonly seconds: number;
}

const columns = `used, since + make_interval(mins => $3) as "resetsAt",
  greatest(1, ceil(extract(epoch from since + make_interval(mins => $3) - clock_timestamp())))::int as seconds`;

/** One row per limit and subject, so a subject costs one row however often it tries; what is a day old is swept. */
@Injectable()
export class LimitRepository {
  constructor(private readonly database: Database) {}

  /** Counts one use, or refuses it. One statement: of many at once no more are allowed than fit. */
  async take({ name, max, minutes }: Limit, subject: string): Promise<Use> {
    const [taken] = await this.database.query<UseRow>(
      `insert into limit_use as earlier (limit_name, subject) values ($1, $2)
       on conflict (limit_name, subject) do update set
         used = case when ${isOver} then 1 else earlier.used + 1 end,
         since = case when ${isOver} then clock_timestamp() else earlier.since end
       where earlier.used < $4 or ${isOver}
       returning ${columns}`,
      [name, subject, minutes, max],
    );
    if (taken) return toUse(taken, max, true);
    const [full] = await this.database.query<UseRow>(
      `select ${columns} from limit_use where limit_name = $1 and subject = $2`,
      [name, subject, minutes],
    );
    return full ? toUse(full, max, false) : this.take({ name, max, minutes }, subject); // it was swept in between
  }

  /** The uses that count now, without another one; undefined when there are none. */
  async look({ name, max, minutes }: Limit, subject: string): Promise<Use | undefined> {
    const [row] = await this.database.query<UseRow>(
      `select ${columns} from limit_use as earlier where limit_name = $1 and subject = $2 and used > 0 and not ${isOver}`,
      [name, subject, minutes],
    );
    return row && toUse(row, max, row.used < max);
  }

  /** Whether the use with this key counts already, so that it is not another one. */
  async hasCounted({ name, minutes }: Limit, subject: string, key: string): Promise<boolean> {
    const rows = await this.database.query(
      `select 1 from limit_key where limit_name = $1 and subject = $2 and key_hash = $3
         and counted_at > clock_timestamp() - make_interval(mins => $4)`,
      [name, subject, hashOf(key), minutes],
    );
    return rows.length > 0;
  }

  async counted({ name }: Limit, subject: string, key: string): Promise<void> {
    await this.database.query(
      `insert into limit_key (limit_name, subject, key_hash) values ($1, $2, $3)
       on conflict (limit_name, subject, key_hash) do update set counted_at = clock_timestamp()`,
      [name, subject, hashOf(key)],
    );
  }

  /** A use that did not count after all. */
  async giveBack({ name }: Limit, subject: string): Promise<void> {
    await this.database.query(
      'update limit_use set used = greatest(0, used - 1) where limit_name = $1 and subject = $2',
      [name, subject],
    );
  }

  async forget({ name }: Limit, subject: string): Promise<void> {
    await this.database.query('delete from limit_use where limit_name = $1 and subject = $2', [name, subject]);
  }

  /** What counts no longer; rows that are just in use are left to the next sweep. */
  async sweep(): Promise<void> {
    await this.database.query(
      `delete from limit_use where (limit_name, subject) in (
         select limit_name, subject from limit_use where since < clock_timestamp() - interval '1 day'
         limit 10000 for update skip locked)`,
    );
    await this.database.query(
      `delete from limit_key where ctid in (select ctid from limit_key where counted_at < clock_timestamp() - interval '1 day' limit 10000)`,
    );
  }
}

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

const isOver = '(earlier.since <= clock_timestamp() - make_interval(mins => $3))';

const toUse = ({ used, resetsAt, seconds }: UseRow, max: number, allowed: boolean): Use => ({
  allowed,
  left: Math.max(0, max - used),
  resetsAt: new Date(resetsAt),
  resetsInSeconds: seconds,
});
