import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

/** A chunk holds the canonical records of about a second, one on each line; it is written once and in order. */
export const probeWindows: SqlMigration = {
  name: '0107-probe-windows',
  up: `
    create table probe_window (
      window_id uuid primary key,
      app_id uuid not null,
      app_name text not null,
      url text not null,
      declared_by text not null,
      declared_at timestamptz not null,
      plan jsonb not null,
      opens_at timestamptz,
      stopped_at timestamptz,
      closed_at timestamptz,
      proof jsonb,
      strip text[],
      head text
    );
    create index probe_window_by_app on probe_window (app_id, declared_at desc);
    create table probe_chunk (
      window_id uuid not null references probe_window on delete cascade,
      position bigint generated always as identity,
      chunk_id uuid not null unique,
      lines text not null,
      primary key (window_id, position)
    );`,
  down: 'drop table probe_chunk, probe_window;',
};
