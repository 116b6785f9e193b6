import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

/**
 * A batch that is held back, and what its comparisons would have said. An app may have one comparison under way that is published and
 * one that is not: they do not touch each other.
 */
export const heldBack: SqlMigration = {
  name: '0111-held-back',
  up: `
    alter table batch add column hold text check (hold in ('open', 'published', 'discarded', 'expired')),
      add column expires_at timestamptz, add column ended_at timestamptz, add column ended_by text;
    create unique index batch_one_held_back on batch (hold) where hold = 'open';
    alter table comparison add column is_public bool not null default true, add column unsaid jsonb;
    drop index comparison_one_open;
    create unique index comparison_one_open on comparison (app_id, is_public) where state <> 'done';`,
  down: `
    delete from comparison where not is_public;
    drop index comparison_one_open;
    create unique index comparison_one_open on comparison (app_id) where state <> 'done';
    alter table comparison drop column is_public, drop column unsaid;
    drop index batch_one_held_back;
    alter table batch drop column hold, drop column expires_at, drop column ended_at, drop column ended_by;`,
};
