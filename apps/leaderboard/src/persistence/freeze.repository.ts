import { Injectable } from '@nestjs/common';
import { readHead } from './board-reads.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';
import type { ListFreezes } from '#libs/contracts/src/leaderboard.js';
import type { Tx } from '#libs/platform/src/transaction.js';

type Audited = ReplyOf<typeof ListFreezes>['freezes'][number];

/** The time that the board is frozen at, in its head, and who did what with it. To be called under the lock of the head. */
@Injectable()
export class FreezeRepository {
  /** When it is frozen, and between which times it could be: what is kept, and what is known now. */
  async read(tx: Tx) {
    const { frozenAt, since, knownAt } = await readHead(tx);
    return { frozenAt: frozenAt === null ? null : new Date(frozenAt), since: new Date(since), now: new Date(knownAt) };
  }

  async set(tx: Tx, frozenAt: Date | null, { by, boardAt }: { by: string; boardAt: Date }): Promise<void> {
    await tx.query('update board_head set frozen_at = $1', [frozenAt]);
    await tx.query('insert into freeze_audit (at, action, actor, board_at) values ($1, $2, $3, $4)', [
      ...[tx.now, frozenAt === null ? 'thaw' : 'freeze', by, boardAt],
    ]);
  }

  /** The newest hundred. */
  async list(tx: Tx): Promise<Audited[]> {
    const rows = await tx.query<Audited>(
      'select at, action, actor as by, board_at as "boardAt" from freeze_audit order by entry desc limit 100',
    );
    return rows.map((row) => ({ ...row, at: iso(row.at), boardAt: iso(row.boardAt) }));
  }
}

const iso = (time: string): string => new Date(time).toISOString();
