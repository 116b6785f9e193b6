import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

export const accounts: SqlMigration = {
  name: '0101-accounts',
  up: `
    create table account (
      account_id uuid primary key default uuidv7(),
      name text not null unique,
      role text not null check (role in ('staff', 'admin')),
      password_hash text not null,
      created_at timestamptz not null default clock_timestamp()
    );
    create table session (
      token_hash bytea primary key,
      account_id uuid not null references account on delete cascade,
      created_at timestamptz not null default clock_timestamp(),
      expires_at timestamptz not null
    );
    create table token (
      token_hash bytea primary key,
      account_id uuid not null references account on delete cascade,
      label text not null,
      created_at timestamptz not null default clock_timestamp(),
      expires_at timestamptz
    );
    create table limit_use (
      limit_name text not null, subject text not null,
      used int not null default 1, since timestamptz not null default clock_timestamp(),
      primary key (limit_name, subject)
    );
    create index limit_use_by_age on limit_use (since);`,
  down: 'drop table limit_use, token, session, account;',
};
