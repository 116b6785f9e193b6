import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

/** Looks at apps before they are submitted. No other table knows of them; each is deleted an hour after it was asked for. */
export const preflights: SqlMigration = {
  name: '0113-preflights',
  up: `
    create table preflight (
      preflight_id uuid primary key,
      url text not null,
      asked_at timestamptz not null,
      lines jsonb not null,
      is_readable boolean not null default false,
      ended_at timestamptz
    );`,
  down: 'drop table preflight;',
};
