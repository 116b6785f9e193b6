import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

/**
 * What staff say of a verdict stands beside it, and every word of theirs in a list that nothing is deleted from. Whose side failed is
 * told apart by a column of its own; of what ended before, by its sentence.
 */
export const overrides: SqlMigration = {
  name: '0110-overrides',
  up: `
    alter table comparison add column override jsonb, add column side text;
    update comparison set side = case when sentence like 'Unknown, the baseline%' then 'baseline' else 'ours' end
    where state = 'done' and verdict = 'unknown';
    create index comparison_unknown on comparison (computed_at desc)
      where state = 'done' and coalesce(override ->> 'verdict', verdict) = 'unknown';
    create table verdict_override (
      entry bigint generated always as identity primary key,
      comparison_id uuid not null,
      app_id uuid not null,
      at timestamptz not null,
      actor text not null,
      verdict text,
      reason text not null,
      machine_verdict text not null
    );
    create index verdict_override_of on verdict_override (comparison_id);`,
  down: `
    drop table verdict_override;
    drop index comparison_unknown;
    alter table comparison drop column override, drop column side;`,
};
