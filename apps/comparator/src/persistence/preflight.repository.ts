import { Injectable } from '@nestjs/common';
import { iso } from './summary-row.js';
import type { PreflightLine, ReadPreflight } from '#libs/contracts/src/preflight.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Longer it is not known. */
export const keptMs = 3_600_000;

/** Looks at apps before they are submitted. */
@Injectable()
export class PreflightRepository {
  /** Nobody else opens one before this transaction ends: two who count at once would both find room. */
  async lock(tx: Tx): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtext('preflight'))`);
  }

  async open(tx: Tx, preflightId: string, url: string, lines: readonly PreflightLine[]): Promise<void> {
    await tx.query('insert into preflight (preflight_id, url, asked_at, lines) values ($1, $2, $3, $4)', [
      ...[preflightId, url, tx.now, JSON.stringify(lines)],
    ]);
  }

  /** Unless it is forgotten. */
  async find(tx: Tx, preflightId: string): Promise<ReadPreflight | undefined> {
    const [row] = await tx.query<ReadPreflight>(
      `select url, asked_at as "askedAt", ended_at is not null as "isOver", is_readable as "isReadable", lines
       from preflight where preflight_id = $1 and asked_at > $2`,
      [preflightId, forgottenAt(tx)],
    );
    return row && { ...row, askedAt: iso(row.askedAt)! };
  }

  async countOpen(tx: Tx): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      'select count(*)::int as count from preflight where ended_at is null and asked_at > $1',
      [forgottenAt(tx)],
    );
    return row!.count;
  }

  /** Once: what was found first stays. */
  async end(tx: Tx, preflightId: string, found: Pick<ReadPreflight, 'lines' | 'isReadable'>): Promise<void> {
    await tx.query(
      'update preflight set lines = $2, is_readable = $3, ended_at = $4 where preflight_id = $1 and ended_at is null',
      [preflightId, JSON.stringify(found.lines), found.isReadable, tx.now],
    );
  }

  /** Deletes what is older than an hour. */
  async sweep(tx: Tx): Promise<void> {
    await tx.query('delete from preflight where asked_at <= $1', [forgottenAt(tx)]);
  }
}

const forgottenAt = ({ now }: Tx): Date => new Date(now.getTime() - keptMs);
