import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

/** A second baseline, when the lab has one. */
export const shadow: SqlMigration = {
  name: '0105-shadow',
  up: 'alter table automation add column shadow_id uuid, add column shadow_url text;',
  down: 'alter table automation drop column shadow_id, drop column shadow_url;',
};
