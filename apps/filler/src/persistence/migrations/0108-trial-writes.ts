import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

/** One row per pre-flight whose asker wanted a write; forgotten after an hour. */
export const trialWrites: SqlMigration = {
  name: '0108-trial-writes',
  up: `
    create table trial_write (
      preflight_id uuid primary key,
      url text not null,
      marker text not null,
      asked_at timestamptz not null,
      sent_at timestamptz,
      line jsonb,
      ended_at timestamptz
    );
    create index trial_write_by_age on trial_write (asked_at);
    create index trial_write_under_way on trial_write (preflight_id) where ended_at is null;`,
  down: 'drop table trial_write;',
};
