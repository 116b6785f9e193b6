import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

/** For an app that gets another name: its parts of all fills show it. */
export const partNames: SqlMigration = {
  name: '0106-part-names',
  up: 'create index part_by_target on part (target_id);',
  down: 'drop index part_by_target;',
};
