import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

export const canaries: SqlMigration = {
  name: '0105-canaries',
  up: 'alter table write_log add column is_canary boolean not null default false;',
  down: 'alter table write_log drop column is_canary;',
};
