import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

/** What the baseline and its shadow differ in, added up over all looks. */
export const noise: SqlMigration = {
  name: '0108-noise',
  up: `
    alter table fill add column shadow_id uuid, add column shadow_url text;
    create table measured_rule (
      endpoint text not null,
      path text not null,
      differed bigint not null,
      compared bigint not null,
      first_seen_at timestamptz not null,
      last_seen_at timestamptz not null,
      primary key (endpoint, path)
    );`,
  down: 'drop table measured_rule; alter table fill drop column shadow_id, drop column shadow_url;',
};
