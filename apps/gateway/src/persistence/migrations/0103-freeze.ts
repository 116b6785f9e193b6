import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

export const freeze: SqlMigration = {
  name: '0103-freeze',
  up: `
    create table known_freeze (only_row bool primary key default true check (only_row), frozen_at timestamptz);
    insert into known_freeze default values;`,
  down: 'drop table known_freeze;',
};
