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
    create table sign_in_failure (name text not null, address text not null, at timestamptz not null default clock_timestamp());
    create index sign_in_failure_recent on sign_in_failure (name, address, at);`,
  down: 'drop table sign_in_failure, token, session, account;',
};
