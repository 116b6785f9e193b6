import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

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
      primary key (trace_id, span_id)
    ) with (autovacuum_vacuum_scale_factor = 0.05);
    create index span_recent on span (started_at);
    create index span_roots on span (started_at desc) where parent_id is null;`,
  down: 'drop table span;',
};
