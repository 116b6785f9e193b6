import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

export const canaries: SqlMigration = {
  name: '0105-canaries',
  up: `
    create table canary (
      marker text primary key,
      kind text not null,
      payload jsonb not null,
      fill_number int not null,
      written_at timestamptz not null
    );
    create index canary_order on canary (kind, fill_number desc);
    create index ledger_write_failed on ledger_write (target_id, fill_number desc) where outcome <> 'acknowledged';
    alter table comparison add column suspicions jsonb not null default '[]';
    create index comparison_suspected on comparison (app_id, requested_at desc) where suspicions <> '[]';`,
  down: `
    drop index comparison_suspected, ledger_write_failed;
    alter table comparison drop column suspicions;
    drop table canary;`,
};
