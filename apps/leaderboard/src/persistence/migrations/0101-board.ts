import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

export const board: SqlMigration = {
  name: '0101-board',
  up: `
    create table board_head (only_row bool primary key default true check (only_row), revision bigint not null default 0);
    insert into board_head default values;
    create table standing (
      app_id uuid primary key,
      known bool not null,
      name text not null,
      team text,
      url text not null,
      joined_at timestamptz not null,
      left_at timestamptz,
      verdict text not null,
      sentence text not null,
      said_at timestamptz,
      endpoints jsonb not null,
      judged jsonb,
      rows_different int not null,
      acknowledged int not null,
      lost_after_ack int not null,
      refused int not null,
      refusals jsonb not null,
      recent jsonb not null,
      recent_at jsonb not null,
      compared_at timestamptz,
      comparison_id uuid,
      in_sync_since timestamptz,
      trace_id text,
      rank int,
      revision bigint not null
    ) with (fillfactor = 70);
    create unique index standing_revision on standing (revision);
    create table verdict_history (
      comparison_id uuid not null,
      app_id uuid not null,
      verdict text not null,
      sentence text not null,
      endpoints jsonb not null,
      lost_after_ack int not null,
      computed_at timestamptz not null,
      trace_id text,
      primary key (app_id, computed_at, comparison_id, verdict)
    );
    create index verdict_history_age on verdict_history (computed_at);
    create table log_line (
      line bigint generated always as identity primary key,
      at timestamptz not null,
      level text not null,
      app_id uuid,
      text text not null,
      trace_id text
    );
    create table fill_progress (
      fill_id uuid primary key,
      number int not null,
      started_at timestamptz not null,
      total int not null,
      done int not null default 0,
      closed_at timestamptz,
      filled int not null default 0,
      partly int not null default 0,
      given_up int not null default 0
    );`,
  down: 'drop table fill_progress, log_line, verdict_history, standing, board_head;',
};
