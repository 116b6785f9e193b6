import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

export const obligations: SqlMigration = {
  name: '0101-obligations',
  up: `
    create table app (
      app_id uuid primary key,
      name text not null,
      url text not null,
      joined_at timestamptz not null,
      left_at timestamptz
    );
    create table app_move (
      app_id uuid not null references app on delete cascade,
      at timestamptz not null,
      primary key (app_id, at)
    );
    create table fill (
      number int primary key,
      fill_id uuid not null,
      iterations int,
      baseline_id uuid,
      baseline_url text,
      requested_at timestamptz,
      closed_at timestamptz
    );
    create table ledger_write (
      target_id uuid not null,
      marker text not null,
      kind text not null,
      payload jsonb not null,
      fill_number int not null,
      index int not null,
      outcome text not null,
      acknowledged_at timestamptz,
      primary key (target_id, marker)
    );
    create index ledger_write_order on ledger_write (target_id, kind, fill_number desc, index desc);
    create index ledger_write_fill on ledger_write (fill_number);`,
  down: 'drop table ledger_write, fill, app_move, app;',
};
