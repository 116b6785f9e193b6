import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

/**
 * A sighting lives as long as its write. `last_seen_at` is empty while the write is seen at each look at its endpoint: then it is that
 * of `endpoint_look`, and a look that finds everything in place writes one row a kind.
 */
export const sightings: SqlMigration = {
  name: '0103-sightings',
  up: `
    create table sighting (
      app_id uuid not null,
      marker text not null,
      kind text not null,
      state text not null check (state in ('visible', 'lost', 'behind')),
      first_seen_at timestamptz,
      last_seen_at timestamptz,
      lost_at timestamptz,
      doubled_at timestamptz,
      primary key (app_id, marker),
      foreign key (app_id, marker) references ledger_write (target_id, marker) on delete cascade
    );
    create index sighting_by_state on sighting (app_id, state, kind);
    create table endpoint_look (
      app_id uuid not null references app on delete cascade,
      kind text not null,
      at timestamptz not null,
      primary key (app_id, kind)
    );`,
  down: 'drop table endpoint_look, sighting;',
};
