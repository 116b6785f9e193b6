import type { Tx } from '#libs/platform/src/transaction.js';
import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

/** A row to be appended. `id` is chosen by the writer and stays the same for ever. */
export interface LogEntry {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly body: string;
  readonly traceparent: string | undefined;
}

/** A numbered row. `committedAt` is the writer's insertion time by the database's clock. */
export interface LogRow {
  readonly n: number;
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly body: string;
  readonly traceparent: string | null;
  readonly appendedAt: string;
}

/** Anything that runs a statement: a transaction, a database, a single connection. */
export interface Runs {
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

/**
 * The tables of one log and of the cursors over other services' logs. `position` is arrival order, never a cursor. A row that
 * no message of 1 MB could carry is refused when it is written: numbered, it would stop the log for good.
 */
export const numberedLogMigration: SqlMigration = {
  name: '0001-numbered-log',
  up: `
    create table outbox (
      id uuid primary key,
      position bigint generated always as identity,
      n bigint unique,
      name text not null,
      key text not null,
      body text not null,
      traceparent text,
      appended_at timestamptz not null default clock_timestamp(),
      constraint outbox_fits_a_message check (octet_length(body) <= 1000000 and octet_length(key) <= 300)
    ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
    create index outbox_unnumbered on outbox (position) where n is null;
    create table outbox_head (
      only_row bool primary key default true check (only_row),
      log_id uuid not null default gen_random_uuid(),
      n bigint not null default 0,
      published bigint not null default 0,
      pruned bigint not null default 0
    );
    insert into outbox_head default values;
    create table outbox_reader (reader text primary key, n bigint not null, told_at timestamptz not null);
    create table cursor (log text primary key, n bigint not null default 0, log_id uuid);
    create table lock_holder (name text primary key, backend_pid int not null, renewed_at timestamptz not null);`,
  down: 'drop table lock_holder, cursor, outbox_reader, outbox_head, outbox;',
};

/** Inserts rows in their order, in one statement, in the writer's transaction. */
export async function append(tx: Tx, entries: readonly LogEntry[]): Promise<void> {
  await tx.query(
    `insert into outbox (id, name, key, body, traceparent)
     select id, name, key, body, traceparent
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) with ordinality
       as entry (id, name, key, body, traceparent, ord)
     order by ord`,
    [
      entries.map((entry) => entry.id),
      entries.map((entry) => entry.name),
      entries.map((entry) => entry.key),
      entries.map((entry) => entry.body),
      entries.map((entry) => entry.traceparent ?? null),
    ],
  );
}

const columns = `n::float8 as n, id, name, key, body, traceparent, to_char(appended_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "appendedAt"`;

/** Bodies of one batch, unless it is a single row. */
const batchBytesMax = 4_000_000;

/**
 * Gives committed rows without a number the next ones, in insertion order, and returns them; as many as fit in a batch.
 * One statement and so one snapshot. To be run only on the connection that holds the log's lock.
 */
export const number = (connection: Runs, rowsMax: number, bytesMax = batchBytesMax): Promise<LogRow[]> =>
  connection.query<LogRow>(
    `with first as (select id, position, octet_length(body) as bytes from outbox where n is null order by position limit $1),
          summed as (select id, row_number() over before as nth, sum(bytes) over before as bytes
                     from first window before as (order by position)),
          waiting as (select id, nth from summed where bytes <= $2 or nth = 1),
          numbered as (update outbox set n = outbox_head.n + waiting.nth from waiting, outbox_head
                       where outbox.id = waiting.id and outbox.n is null
                       returning outbox.*),
          head as (update outbox_head set n = outbox_head.n + (select count(*) from numbered)
                   where exists (select from numbered))
     select ${columns} from numbered order by n`,
    [rowsMax, bytesMax],
  );

/** Rows after `after`, ascending and dense, at most `rowsMax` and at most `bytesMax` of bodies (always one row at least). */
export const read = (connection: Runs, after: number, rowsMax: number, bytesMax = batchBytesMax): Promise<LogRow[]> =>
  connection.query<LogRow>(
    `with next as (select n, octet_length(body) as bytes from outbox where n > $1 order by n limit $2),
          summed as (select n, row_number() over before as nth, sum(bytes) over before as bytes from next window before as (order by n))
     select ${columns} from outbox
     where n > $1 and n <= (select max(n) from summed where bytes <= $3 or nth = 1) order by n`,
    [after, rowsMax, bytesMax],
  );

export interface LogHead {
  /** Chosen at random when the log was made: another log under the same name has another one. */
  readonly logId: string;
  /** The highest number given. */
  readonly n: number;
  /** Up to here the broker has acknowledged once; a hint that saves work, never a promise. */
  readonly published: number;
  /** Up to here rows have been deleted. */
  readonly pruned: number;
  /** Committed rows that wait for a number. */
  readonly unnumbered: number;
}

export async function head(connection: Runs): Promise<LogHead> {
  const [row] = await connection.query<LogHead>(
    `select log_id as "logId", n::float8 as n, published::float8 as published, pruned::float8 as pruned,
            (select count(*) from outbox where n is null)::float8 as unnumbered from outbox_head`,
  );
  if (!row) throw new Error('the log has no head row');
  return row;
}

/** The mark may be lost in a crash: then rows are published again, and readers drop them. So it does not wait for the disk. */
export async function markPublished(connection: Runs, n: number): Promise<void> {
  await connection.query(
    `with async as (select set_config('synchronous_commit', 'off', true))
     update outbox_head set published = $1 from async where published < $1`,
    [n],
  );
}

/** What a reader has told of itself; the smallest of them bounds what may be deleted. */
export async function noteReader(connection: Runs, reader: string, n: number): Promise<void> {
  await connection.query(
    `insert into outbox_reader (reader, n, told_at) values ($1, $2, clock_timestamp())
     on conflict (reader) do update set n = greatest(outbox_reader.n, excluded.n), told_at = excluded.told_at`,
    [reader, n],
  );
}

/**
 * Deletes the oldest rows that all `readers` have behind them, up to the first that is younger than `keepHours`, at most
 * `rowsMax`; returns how many. What is left begins directly after `pruned`.
 */
export async function prune(
  connection: Runs,
  readers: readonly string[],
  keepHours: number,
  rowsMax = 5_000,
): Promise<number> {
  const [row] = await connection.query<{ deleted: number }>(
    `with safe as (select case when count(*) = cardinality($1::text[]) then min(n) else 0 end as n
                   from outbox_reader where reader = any($1)),
          first as (select outbox.n, appended_at < clock_timestamp() - make_interval(hours => $2) as old
                    from outbox, safe where outbox.n <= safe.n order by outbox.n limit $3),
          upto as (select coalesce(min(n) filter (where not old) - 1, max(n)) as n from first),
          gone as (delete from outbox using upto where outbox.n <= upto.n returning outbox.n),
          head as (update outbox_head set pruned = greatest(pruned, (select max(n) from gone)) where exists (select from gone))
     select count(*)::float8 as deleted from gone`,
    [readers, keepHours, rowsMax],
  );
  return row?.deleted ?? 0;
}
