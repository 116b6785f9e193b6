import { Injectable } from '@nestjs/common';
import type { PreflightLine } from '#libs/contracts/src/preflight.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface AskedTrial {
  readonly preflightId: string;
  readonly url: string;
  readonly marker: string;
}

export interface KnownTrial {
  readonly askedAt: string;
  /** Null while it is under way. */
  readonly line: PreflightLine | null;
}

export interface DueTrial {
  readonly url: string;
  readonly marker: string;
  /** Somebody began to send it before: it may be there, and is never sent again. */
  readonly wasSent: boolean;
}

const keepHours = 1;

/** Trial writes, and what became of them. */
@Injectable()
export class TrialWriteRepository {
  /** Until the transaction ends nobody else may begin one: so many at once, and no more. */
  async lock(tx: Tx): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtext('trial writes'))`);
  }

  async ask(tx: Tx, { preflightId, url, marker }: AskedTrial): Promise<void> {
    await tx.query('insert into trial_write (preflight_id, url, marker, asked_at) values ($1, $2, $3, $4)', [
      ...[preflightId, url, marker, tx.now],
    ]);
  }

  async find(tx: Tx, preflightId: string): Promise<KnownTrial | undefined> {
    const [row] = await tx.query<KnownTrial>(
      'select asked_at as "askedAt", line from trial_write where preflight_id = $1',
      [preflightId],
    );
    return row && { ...row, askedAt: new Date(row.askedAt).toISOString() };
  }

  async countUnderWay(tx: Tx): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      'select count(*)::int as count from trial_write where ended_at is null',
    );
    return row!.count;
  }

  /** Marks it as sent, before it is. Undefined when it has its line, or is forgotten. */
  async markSent(tx: Tx, preflightId: string): Promise<DueTrial | undefined> {
    const [due] = await tx.query<DueTrial>(
      `with due as (select sent_at from trial_write where preflight_id = $1 and ended_at is null for update)
       update trial_write set sent_at = coalesce(due.sent_at, $2) from due where preflight_id = $1
       returning url, marker, due.sent_at is not null as "wasSent"`,
      [preflightId, tx.now],
    );
    return due;
  }

  async end(tx: Tx, preflightId: string, line: PreflightLine): Promise<void> {
    await tx.query('update trial_write set line = $2, ended_at = $3 where preflight_id = $1 and ended_at is null', [
      ...[preflightId, JSON.stringify(line), tx.now],
    ]);
  }

  async forgetOld(tx: Tx): Promise<void> {
    await tx.query('delete from trial_write where asked_at < $1::timestamptz - make_interval(hours => $2)', [
      ...[tx.now, keepHours],
    ]);
  }
}
