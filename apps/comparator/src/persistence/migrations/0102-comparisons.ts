import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

export const comparisons: SqlMigration = {
  name: '0102-comparisons',
  up: `
    create table batch (
      batch_id uuid primary key,
      actor text not null,
      trigger text not null,
      requested_at timestamptz not null
    );
    create table comparison (
      comparison_id uuid primary key,
      batch_id uuid not null references batch on delete cascade,
      app_id uuid not null references app on delete cascade,
      trigger text not null,
      state text not null check (state in ('queued', 'comparing', 'second-look', 'done')),
      verdict text not null default 'pending',
      sentence text not null default 'Waiting for its turn.',
      looks jsonb not null default '[]',
      causes jsonb not null default '[]',
      app_url text,
      baseline_url text,
      requested_at timestamptz not null,
      computed_at timestamptz,
      trace_id text
    ) with (fillfactor = 70);
    create unique index comparison_one_open on comparison (app_id) where state <> 'done';
    create index comparison_by_app on comparison (app_id, requested_at desc);
    create index comparison_with_rows on comparison (app_id, requested_at desc) where looks <> '[]';
    create index comparison_by_age on comparison (requested_at);
    create index batch_by_age on batch (requested_at);
    create table batch_comparison (
      batch_id uuid not null references batch on delete cascade,
      comparison_id uuid not null references comparison on delete cascade,
      primary key (batch_id, comparison_id)
    );
    create index batch_comparison_of on batch_comparison (comparison_id);
    create table schedule (
      only_row bool primary key default true check (only_row),
      is_on bool not null,
      interval_seconds int not null,
      set_by text not null,
      next_at timestamptz
    );`,
  down: 'drop table schedule, batch_comparison, comparison, batch;',
};
