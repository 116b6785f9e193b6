import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

/** Verdicts that staff gave: on the sheet, and in the history, where each word of theirs is known since a time. Null: taken back. */
export const overrides: SqlMigration = {
  name: '0104-overrides',
  up: `
    alter table standing add column before jsonb, add column overridden jsonb;
    create table verdict_override (
      entry bigint generated always as identity primary key,
      comparison_id uuid not null,
      sentence text not null,
      override jsonb,
      known_at timestamptz not null
    );
    create index verdict_override_of on verdict_override (comparison_id, entry);
    create index verdict_override_age on verdict_override (known_at);`,
  down: `
    drop table verdict_override;
    alter table standing drop column before, drop column overridden;`,
};
