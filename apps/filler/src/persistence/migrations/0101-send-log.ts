import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

export const sendLog: SqlMigration = {
  name: '0101-send-log',
  up: `
    create table fill (
      fill_id uuid primary key,
      number int not null unique,
      requested_at timestamptz not null,
      ends_at timestamptz not null,
      closed_at timestamptz
    );
    create table part (
      fill_id uuid not null references fill on delete cascade,
      target_id uuid not null,
      ordinal int not null,
      role text not null,
      name text not null,
      url text not null,
      driver text not null,
      state text not null check (state in ('due', 'filling', 'filled', 'partly', 'given-up')),
      note text,
      ended_at timestamptz,
      places text[] not null default '{}',
      waits_for uuid[] not null default '{}',
      looks int not null default 0,
      look_failures int not null default 0,
      primary key (fill_id, target_id)
    );
    create table write_log (
      write_id uuid primary key default uuidv7(),
      position bigint generated always as identity,
      fill_id uuid not null,
      number int not null,
      target_id uuid not null,
      index int not null,
      marker text not null,
      payload jsonb not null,
      state text not null default 'planned'
        check (state in ('planned', 'sent', 'acknowledged', 'refused', 'unknown', 'skipped')),
      driver text not null,
      status int,
      reason text,
      sent_at timestamptz,
      answered_at timestamptz,
      trace_id text,
      unique (fill_id, target_id, index),
      foreign key (fill_id, target_id) references part on delete cascade
    ) with (fillfactor = 70);
    create index write_log_by_target on write_log (target_id, position desc);
    create table settled_place (target_id uuid primary key, places text[] not null);`,
  down: 'drop table settled_place, write_log, part, fill;',
};
