import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

/** What looks were judged from, compressed already: Postgres need not try again. */
export const evidence: SqlMigration = {
  name: '0107-evidence',
  up: `
    create table evidence (
      comparison_id uuid primary key references comparison on delete cascade,
      app_id uuid not null references app on delete cascade,
      is_different bool not null,
      kept_at timestamptz not null,
      packed bytea not null
    );
    alter table evidence alter column packed set storage external;
    create index evidence_by_app on evidence (app_id, kept_at desc);
    create index evidence_by_age on evidence (kept_at);`,
  down: 'drop table evidence;',
};
