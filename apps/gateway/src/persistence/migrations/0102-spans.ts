import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

/**
 * `lasting`: of a failure or a verdict; these go last. `span_volume` counts the bytes that are kept, by hour, in the statements that
 * add and delete them: what a table takes on disk does not shrink when rows go, and to add up all rows takes too long.
 */
export const spans: SqlMigration = {
  name: '0102-spans',
  up: `
    create table span (
      trace_id text not null,
      span_id text not null,
      parent_id text,
      service text not null,
      name text not null,
      kind text not null,
      started_at timestamptz not null,
      duration_us bigint not null,
      failed bool not null,
      message text,
      attributes jsonb not null,
      bytes int not null default 500,
      lasting bool generated always as (failed or attributes ? 'lockstep.verdict') stored,
      primary key (trace_id, span_id)
    ) with (autovacuum_vacuum_scale_factor = 0.05);
    create index span_recent on span (started_at);
    create index span_ordinary on span (started_at) where not lasting;
    create index span_roots on span (started_at desc) where parent_id is null;
    create table span_volume (hour timestamptz primary key, bytes bigint not null);`,
  down: 'drop table span_volume, span;',
};
