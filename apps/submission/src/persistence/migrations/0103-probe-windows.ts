import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

export const probeWindows: SqlMigration = {
  name: '0103-probe-windows',
  up: `
    create table probe_window (
      window_id uuid primary key,
      app_id uuid not null references app,
      declared_at timestamptz not null,
      ends_at timestamptz not null
    );`,
  down: 'drop table probe_window;',
};
