import { Inject, Injectable } from '@nestjs/common';
import { StandingRow } from './entities.js';
import { movesRanks, ranks, type Ranked } from '../domain/ranking.js';
import type { LogText } from '../domain/log-text.js';
import { unheardOf, type Standing } from '../domain/standing.js';
import { NUDGE, type Nudge } from '../nudge.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** The board as one transaction sees and changes it. */
export interface OpenBoard {
  /** The standing of an app, or that of one not heard of yet. */
  standing(appId: string): Promise<Standing>;
  save(standing: Standing): void;
  log(line: LogText & { at: Date; appId: string | null; traceId: string | null }): void;
}

const logLinesMax = 5_000;

/**
 * Every change of the board happens under the lock of its head row: batches of different logs follow one another, and revisions
 * become visible in their order. Every row that a transaction changes gets a revision of its own, however many they are: so a reader
 * may stop after any of them. Ranks are made anew once per transaction, after everything in it.
 */
@Injectable()
export class BoardRepository {
  private readonly boards = new WeakMap<Tx, BoardTransaction>();

  constructor(@Inject(NUDGE) private readonly nudge: Nudge) {}

  async open(tx: Tx): Promise<OpenBoard> {
    const open = this.boards.get(tx);
    if (open) return open;
    const [head] = await tx.query<{ revision: number }>(
      'select revision::float8 as revision from board_head for update',
    );
    const board = new BoardTransaction(tx, head!.revision);
    this.boards.set(tx, board);
    tx.beforeCommit('board', () => board.finish());
    tx.afterCommit('board', () => this.nudge(board.revision));
    return board;
  }
}

class BoardTransaction implements OpenBoard {
  private readonly lines: Parameters<OpenBoard['log']>[0][] = [];
  private readonly rows = new Map<string, StandingRow>();
  /** As last given out: saving it unchanged is no change. */
  private readonly given = new Map<string, Standing>();
  private isChanged = false;
  private mustRank = false;

  constructor(
    private readonly tx: Tx,
    /** The newest one, this transaction's included. */
    public revision: number,
  ) {}

  async standing(appId: string): Promise<Standing> {
    const row = this.rows.get(appId) ?? (await this.tx.em.findOne(StandingRow, appId));
    if (row) this.rows.set(appId, row);
    const standing = row ? toStanding(row) : unheardOf(appId, this.tx.now);
    this.given.set(appId, standing);
    return standing;
  }

  save(standing: Standing): void {
    const before = this.given.get(standing.appId) ?? unheardOf(standing.appId, this.tx.now);
    if (before === standing) return;
    this.given.set(standing.appId, standing);
    this.isChanged = true;
    this.mustRank ||= movesRanks(before, standing);
    const revision = (this.revision += 1);
    const row = this.rows.get(standing.appId);
    if (row) Object.assign(row, standing, { revision });
    else {
      const created = this.tx.em.create(StandingRow, { ...standing, rank: null, revision });
      this.tx.em.persist(created);
      this.rows.set(standing.appId, created);
    }
  }

  log(line: Parameters<OpenBoard['log']>[0]): void {
    this.lines.push(line);
  }

  async finish(): Promise<void> {
    await this.writeLog();
    if (this.mustRank) await this.rank();
    // Fills and log lines are no rows of the board; its head moves for them too, so that watchers look again.
    if (!this.isChanged) this.revision += 1;
    await this.tx.query('update board_head set revision = $1', [this.revision]);
  }

  private async writeLog(): Promise<void> {
    if (this.lines.length === 0) return;
    const columns = [...(['at', 'level', 'appId', 'text', 'traceId'] as const)].map((name) =>
      this.lines.map((line) => line[name]),
    );
    await this.tx.query(
      `with lines as (
         insert into log_line (at, level, app_id, text, trace_id)
         select * from unnest($1::timestamptz[], $2::text[], $3::uuid[], $4::text[], $5::text[]) returning line)
       delete from log_line where line <= (select max(line) from lines) - $6`,
      [...columns, logLinesMax],
    );
  }

  private async rank(): Promise<void> {
    const rows = await this.tx.query<Ranked & { rank: number | null }>(
      `select app_id as "appId", verdict, judged - 'byPath' as judged, refused, in_sync_since as "inSyncSince", rank
       from standing where known and left_at is null and (judged is not null or rank is not null)`,
    );
    const fresh = ranks(
      rows.map((row) => ({ ...row, inSyncSince: row.inSyncSince ? new Date(row.inSyncSince) : null })),
    );
    const moved = rows.filter((row) => (fresh.get(row.appId) ?? null) !== row.rank);
    if (moved.length === 0) return;
    await this.tx.query(
      `update standing set rank = fresh.rank, revision = fresh.revision
       from unnest($1::uuid[], $2::int[], $3::bigint[]) as fresh (app_id, rank, revision) where standing.app_id = fresh.app_id`,
      [
        moved.map((row) => row.appId),
        moved.map((row) => fresh.get(row.appId) ?? null),
        moved.map(() => (this.revision += 1)),
      ],
    );
  }
}

function toStanding({ rank: _rank, revision: _revision, ...row }: StandingRow): Standing {
  return {
    ...row,
    team: row.team ?? null,
    leftAt: row.leftAt ?? null,
    saidAt: row.saidAt ?? null,
    judged: row.judged ?? null,
    comparedAt: row.comparedAt ?? null,
    comparisonId: row.comparisonId ?? null,
    inSyncSince: row.inSyncSince ?? null,
    traceId: row.traceId ?? null,
  };
}
