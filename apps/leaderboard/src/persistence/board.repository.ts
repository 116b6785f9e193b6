import { Inject, Injectable } from '@nestjs/common';
import { StandingRow } from './entities.js';
import { ranks, type Ranked } from '../domain/ranking.js';
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
  /** The revision that this transaction's changes will have. */
  readonly revision: number;
}

const logLinesMax = 5_000;

/**
 * Every change of the board happens under the lock of its head row: batches of different logs follow one another, and
 * revisions become visible in their order. Ranks are made anew once per transaction, after everything in it.
 */
@Injectable()
export class BoardRepository {
  private readonly boards = new WeakMap<Tx, BoardTransaction>();

  constructor(@Inject(NUDGE) private readonly nudge: Nudge) {}

  async open(tx: Tx): Promise<OpenBoard> {
    const open = this.boards.get(tx);
    if (open) return open;
    const [head] = await tx.query<{ revision: number }>(
      'update board_head set revision = revision + 1 returning revision::float8 as revision',
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
  private readonly changed = new Set<string>();

  constructor(
    private readonly tx: Tx,
    readonly revision: number,
  ) {}

  async standing(appId: string): Promise<Standing> {
    const row = this.rows.get(appId) ?? (await this.tx.em.findOne(StandingRow, appId));
    if (!row) return unheardOf(appId, this.tx.now);
    this.rows.set(appId, row);
    return toStanding(row);
  }

  save(standing: Standing): void {
    this.changed.add(standing.appId);
    const { revision } = this;
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
    if (this.changed.size > 0) await this.rank();
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
      `select app_id as "appId", verdict, judged, in_sync_since as "inSyncSince", rank from standing where known and left_at is null`,
    );
    const fresh = ranks(
      rows.map((row) => ({ ...row, inSyncSince: row.inSyncSince ? new Date(row.inSyncSince) : null })),
    );
    const moved = rows.filter((row) => (fresh.get(row.appId) ?? null) !== row.rank);
    if (moved.length === 0) return;
    await this.tx.query(
      `update standing set rank = fresh.rank, revision = $3 from unnest($1::uuid[], $2::int[]) as fresh (app_id, rank)
       where standing.app_id = fresh.app_id`,
      [moved.map((row) => row.appId), moved.map((row) => fresh.get(row.appId) ?? null), this.revision],
    );
  }
}

function toStanding({ rank: _rank, revision: _revision, ...row }: StandingRow): Standing {
  return {
    ...row,
    team: row.team ?? null,
    leftAt: row.leftAt ?? null,
    judged: row.judged ?? null,
    comparedAt: row.comparedAt ?? null,
    comparisonId: row.comparisonId ?? null,
    inSyncSince: row.inSyncSince ?? null,
    traceId: row.traceId ?? null,
  };
}
