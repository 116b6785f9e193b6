import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

/** Taken back, who is behind a pseudonym would be shown: then the pseudonym stays as the name. */
export const pseudonyms: SqlMigration = {
  name: '0102-pseudonyms',
  up: 'alter table app add pseudonym text;',
  down: `
    update app set name = pseudonym, team = null where pseudonym is not null;
    alter table app drop pseudonym;`,
};
