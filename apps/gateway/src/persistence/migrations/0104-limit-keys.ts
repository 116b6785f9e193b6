import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

/** Uses that have counted, by a hash of the Idempotency-Key that came with them: whoever tries again with it has counted already. */
export const limitKeys: SqlMigration = {
  name: '0104-limit-keys',
  up: `
    create table limit_key (
      limit_name text not null, subject text not null, key_hash text not null,
      counted_at timestamptz not null default clock_timestamp(),
      primary key (limit_name, subject, key_hash)
    );
    create index limit_key_by_age on limit_key (counted_at);`,
  down: 'drop table limit_key;',
};
