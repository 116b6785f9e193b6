import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

const iso = (column: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * `known_at`: when the leaderboard learnt it, by the times of its head, of which every transaction has one of its own. What was known
 * before this step is taken for known since then; boards of the past begin here (`since`).
 */
export const boardThroughTime: SqlMigration = {
  name: '0102-board-through-time',
  up: `
    alter table board_head
      add known_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
      add since timestamptz,
      add frozen_at timestamptz;
    update board_head set since = known_at;
    alter table board_head alter since set not null;
    create table standing_version (
      app_id uuid not null,
      known_at timestamptz not null,
      version jsonb,
      primary key (app_id, known_at)
    );
    create index standing_version_age on standing_version (known_at);
    insert into standing_version
    select app_id, since, jsonb_build_object(
      'appId', app_id, 'name', name, 'team', team, 'url', url, 'verdict', verdict, 'sentence', sentence, 'endpoints', endpoints,
      'rowsDifferent', rows_different, 'acknowledged', acknowledged, 'lostAfterAck', lost_after_ack, 'refused', refused,
      'recent', recent, 'comparedAt', ${iso('compared_at')}, 'comparisonId', comparison_id,
      'inSyncSince', ${iso('in_sync_since')}, 'joinedAt', ${iso('joined_at')}, 'traceId', trace_id,
      'judged', nullif(judged, 'null') - 'byPath')
    from standing, board_head where known and left_at is null;
    create table fill_version (known_at timestamptz primary key, open jsonb, last jsonb);
    insert into fill_version
    select since,
      (select to_jsonb(one) from (
         select fill_id, number, started_at, done, total from fill_progress
         where closed_at is null and number > (select coalesce(max(number), 0) from fill_progress where closed_at is not null)
         order by number desc limit 1) as one),
      (select to_jsonb(one) from (
         select number, closed_at, filled, partly, given_up from fill_progress
         where closed_at is not null order by number desc limit 1) as one)
    from board_head;
    alter table log_line add known_at timestamptz;
    update log_line set known_at = since from board_head;
    alter table log_line alter known_at set not null;
    alter table verdict_history add known_at timestamptz, add batch_id uuid, add trigger text;
    update verdict_history set known_at = since from board_head;
    alter table verdict_history alter known_at set not null;
    create index verdict_history_comparison on verdict_history (comparison_id);
    create table freeze_audit (
      entry bigint generated always as identity primary key,
      at timestamptz not null,
      action text not null,
      actor text not null,
      board_at timestamptz not null
    );`,
  down: `
    drop table freeze_audit, fill_version, standing_version;
    drop index verdict_history_comparison;
    alter table verdict_history drop known_at, drop batch_id, drop trigger;
    alter table log_line drop known_at;
    alter table board_head drop known_at, drop since, drop frozen_at;`,
};
