import type { SqlMigration } from '#libs/platform/src/sql-migration.js';
import { numberedLogMigration } from '#libs/replication/src/numbered-log.js';

/** The tables that every service has beside its own. Column by column in README.md. */
const inbox: SqlMigration = {
  name: '0002-inbox',
  up: `
    create table applied (
      position bigint generated always as identity primary key,
      log text not null, n bigint not null, event_id uuid not null, name text not null, key text not null,
      at timestamptz not null default clock_timestamp()
    );
    create index applied_by_number on applied (log, n);
    create table applied_swept (log text primary key, n bigint not null);
    create table held (
      event_id uuid primary key,
      position bigint generated always as identity unique,
      log text not null, n bigint not null, name text not null, key text not null, body text not null,
      traceparent text, appended_at timestamptz not null,
      state text not null check (state in ('retrying', 'waiting', 'dead', 'discarded')),
      attempts int not null default 0, next_at timestamptz, error text,
      held_at timestamptz not null default clock_timestamp(),
      unique (log, n)
    );
    create index held_open on held (log, key) where state <> 'discarded';
    create table held_audit (
      event_id uuid not null, at timestamptz not null default clock_timestamp(),
      actor text not null, action text not null, note text
    );
    create table answered (
      key_hash text primary key, request text not null, request_hash bytea not null, reply bytea,
      at timestamptz not null default clock_timestamp()
    );
    create index answered_by_time on answered (at);`,
  down: 'drop table answered, held_audit, held, applied_swept, applied;',
};

const work: SqlMigration = {
  name: '0003-work',
  up: `
    create table work (
      id uuid primary key default uuidv7(),
      kind text not null,
      subject text not null,
      due_at timestamptz not null,
      lease_until timestamptz,
      fence bigint not null default 0,
      attempts int not null default 0,
      asked int not null default 1,
      note text,
      traceparent text,
      created_at timestamptz not null default clock_timestamp(),
      unique (kind, subject)
    ) with (fillfactor = 70);
    create index work_due on work (kind, due_at);`,
  down: 'drop table work;',
};

export const messagingMigrations: readonly SqlMigration[] = [numberedLogMigration, inbox, work];
