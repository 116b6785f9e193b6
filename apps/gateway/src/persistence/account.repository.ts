import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Limit } from './limit.repository.js';
import { Database } from '#libs/platform/src/database.js';

export interface Account {
  readonly accountId: string;
  readonly name: string;
  readonly role: 'staff' | 'admin';
}

/** Guesses of one name from one address before it has to wait. */
export const guessesOfName: Limit = { name: 'sign-in as one account', max: 5, minutes: 15 };
export const guessSubject = (name: string, address: string): string => `${name}\n${address}`;

/** A session or a token is looked up by its hash: who reads the table cannot sign in. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

@Injectable()
export class AccountRepository {
  constructor(private readonly database: Database) {}

  async count(): Promise<number> {
    const [row] = await this.database.query<{ count: number }>('select count(*)::int as count from account');
    return row!.count;
  }

  /** Does nothing when the name is taken; two instances that start together make one account. */
  async create(name: string, role: Account['role'], passwordHash: string): Promise<boolean> {
    const rows = await this.database.query(
      'insert into account (name, role, password_hash) values ($1, $2, $3) on conflict (name) do nothing returning 1',
      [name, role, passwordHash],
    );
    return rows.length === 1;
  }

  async findByName(name: string): Promise<(Account & { passwordHash: string }) | undefined> {
    const [row] = await this.database.query<Account & { passwordHash: string }>(
      'select account_id as "accountId", name, role, password_hash as "passwordHash" from account where name = $1',
      [name],
    );
    return row;
  }

  /** False when there is no such account. Its sessions end with the old password, and failed guesses are forgotten. */
  async replacePassword(name: string, passwordHash: string): Promise<boolean> {
    const rows = await this.database.query(
      `with changed as (update account set password_hash = $2 where name = $1 returning account_id),
            signed_out as (delete from session using changed where session.account_id = changed.account_id),
            forgotten as (delete from limit_use using changed where limit_name = $3 and starts_with(subject, $4))
       select from changed`,
      [name, passwordHash, guessesOfName.name, guessSubject(name, '')],
    );
    return rows.length === 1;
  }

  async openSession(accountId: string, secret: string, hours: number): Promise<Date> {
    const [row] = await this.database.query<{ expiresAt: string }>(
      `with gone as (delete from session where expires_at < clock_timestamp())
       insert into session (token_hash, account_id, expires_at) values ($1, $2, clock_timestamp() + make_interval(hours => $3))
       returning expires_at as "expiresAt"`,
      [hashOf(secret), accountId, hours],
    );
    return new Date(row!.expiresAt);
  }

  async closeSession(secret: string): Promise<void> {
    await this.database.query('delete from session where token_hash = $1', [hashOf(secret)]);
  }

  /** The role is read anew at each request: a change takes effect at once. */
  async findBySession(secret: string): Promise<(Account & { expiresAt: Date }) | undefined> {
    const [row] = await this.database.query<Account & { expiresAt: string }>(
      `select account_id as "accountId", name, role, expires_at as "expiresAt" from session join account using (account_id)
       where token_hash = $1 and expires_at > clock_timestamp()`,
      [hashOf(secret)],
    );
    return row && { ...row, expiresAt: new Date(row.expiresAt) };
  }

  async findByToken(secret: string): Promise<Account | undefined> {
    const [row] = await this.database.query<Account>(
      `select account_id as "accountId", account.name, role from token join account using (account_id)
       where token_hash = $1 and coalesce(expires_at, 'infinity') > clock_timestamp()`,
      [hashOf(secret)],
    );
    return row;
  }

  /** The one token of this label: an earlier one opens nothing any more. */
  async ensureToken(accountId: string, secret: string, label: string): Promise<void> {
    await this.database.query(
      `with gone as (delete from token where account_id = $2 and label = $3 and token_hash <> $1)
       insert into token (token_hash, account_id, label) values ($1, $2, $3) on conflict do nothing`,
      [hashOf(secret), accountId, label],
    );
  }
}
