import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

/** Windows that were closed before this step are told in the log only: it knows no figures of them, so nobody is said to be measured. */
export const downtime: SqlMigration = {
  name: '0103-downtime',
  up: `
    alter table standing add windows jsonb not null default '[]', add downtime jsonb;
    alter table standing alter windows drop default;`,
  down: 'alter table standing drop windows, drop downtime;',
};
