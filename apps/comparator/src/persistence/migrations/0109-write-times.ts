import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

/** A row is at least as young as its write. Of older ones nothing but the acknowledgement is known, which comes within a fill's time. */
export const writeTimes: SqlMigration = {
  name: '0109-write-times',
  up: `
    alter table ledger_write add column sent_at timestamptz;
    update ledger_write set sent_at = acknowledged_at - interval '5 minutes' where acknowledged_at is not null;`,
  down: 'alter table ledger_write drop column sent_at;',
};
