import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

export const roster: SqlMigration = {
  name: '0101-roster',
  up: `
    create table app (
      app_id uuid primary key,
      name text not null,
      team text,
      url text not null,
      owner_token_hash text not null unique,
      joined_at timestamptz not null,
      withdrawn_at timestamptz
    );
    create unique index app_active_url on app (url) where withdrawn_at is null;
    create table fill (
      fill_id uuid primary key,
      number int not null unique,
      reason text not null,
      actor text not null,
      requested_at timestamptz not null,
      closed_at timestamptz
    );
    create unique index fill_one_open on fill ((closed_at is null)) where closed_at is null;
    create table automation (
      only_row bool primary key default true check (only_row),
      is_on bool not null,
      interval_seconds int not null,
      interval_set_by text not null,
      iterations int not null,
      mode text not null,
      baseline_id uuid not null,
      baseline_url text not null,
      baseline_set_by text not null,
      next_fill_at timestamptz
    );`,
  down: 'drop table automation, fill, app;',
};
