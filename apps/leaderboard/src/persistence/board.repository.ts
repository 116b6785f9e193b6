import { Inject, Injectable } from '@nestjs/common';
import { StandingRow } from './entities.js';
import { movesRanks, ranks, type Ranked } from '../domain/ranking.js';
import type { LogText } from '../domain/log-text.js';
import { unheardOf, type Standing } from '../domain/standing.js';
import { versionOf, type Version } from '../domain/version.js';
import { NUDGE, type Nudge } from '../nudge.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface Line extends LogText {
  readonly at: Date;
  readonly appId: string | null;
  readonly traceId: string | null;
}

/**
 * What an event makes of the standing of its app (that of one not heard of yet included), and the line it leaves in the log.
 * `forgetsLines`: earlier lines about the app go; they call it by a name that is not to be shown any more.
 */
export type Change = (standing: Standing) => {
  readonly standing: Standing;
  readonly line: Line;
  readonly forgetsLines?: boolean;
};

/** The board as one transaction changes it. Nothing is read before the end: then all at once, however many events there were. */
export interface OpenBoard {
  /** To be folded with the others of this transaction, in the order of the calls. */
  change(appId: string, change: Change): void;
  log(line: Line): void;
}

/** Of the log, and of those beyond them how many go at once: a delete with every batch would walk over what the last ones left. */
const logLinesMax = 5_000;
const logLinesSwept = 500;

/**
 * Every change of the board happens under the lock of its head row: batches of different logs follow one another, and revisions
 * become visible in their order. Every row that a transaction changes gets a revision of its own, however many they are: so a reader
 * may stop after any of them. Ranks are made anew once per transaction, after everything in it.
 * Every transaction has a time of its own (`known_at` of the head), later than that of the one before, whatever clocks do: what an app
 * looks like at its end is kept under that time, for boards of the past.
 */
@Injectable()
export class BoardRepository {
  private readonly boards = new WeakMap<Tx, BoardTransaction>();

  constructor(@Inject(NUDGE) private readonly nudge: Nudge) {}

  async open(tx: Tx): Promise<OpenBoard> {
    const open = this.boards.get(tx);
    if (open) return open;
    const [head] = await tx.query<{ revision: number }>(
      `update board_head set known_at = greatest(date_trunc('milliseconds', clock_timestamp()), known_at + interval '1 millisecond')
       returning revision::float8 as revision`,
    );
    const board = new BoardTransaction(tx, head!.revision);
    this.boards.set(tx, board);
    tx.beforeCommit('board', () => board.finish());
    tx.afterCommit('board', () => this.nudge(board.revision));
    return board;
  }
}

class BoardTransaction implements OpenBoard {
  private readonly steps: ({ readonly appId: string; readonly change: Change } | Line)[] = [];
  private lines: Line[] = [];
  private readonly forgotten = new Set<string>();
  private readonly rows = new Map<string, StandingRow>();
  private readonly standings = new Map<string, Standing>();
  private readonly versions = new Map<string, Version | null>();
  private isChanged = false;
  private mustRank = false;

  constructor(
    private readonly tx: Tx,
    /** The newest one, this transaction's included. */
    public revision: number,
  ) {}

  change(appId: string, change: Change): void {
    this.steps.push({ appId, change });
  }

  log(line: Line): void {
    this.steps.push(line);
  }

  async finish(): Promise<void> {
    await this.fold();
    if (this.mustRank) await this.rank();
    // Fills and log lines are no rows of the board; its head moves for them too, so that watchers look again.
    if (!this.isChanged) this.revision += 1;
    await this.writeVersionsLogAndHead();
  }

  private async fold(): Promise<void> {
    await this.read(new Set(this.steps.flatMap((step) => ('change' in step ? [step.appId] : []))));
    for (const step of this.steps) {
      if ('change' in step) this.apply(step.appId, step.change);
      else this.lines.push(step);
    }
    if (this.isChanged) await this.tx.flush();
  }

  private async read(appIds: ReadonlySet<string>): Promise<void> {
    if (appIds.size === 0) return;
    for (const row of await this.tx.em.find(StandingRow, { appId: { $in: [...appIds] } })) {
      this.rows.set(row.appId, row);
      this.standings.set(row.appId, toStanding(row));
    }
  }

  private apply(appId: string, change: Change): void {
    const before = this.standings.get(appId) ?? unheardOf(appId, this.tx.now);
    const { standing, line, forgetsLines = false } = change(before);
    if (forgetsLines) this.forgetLinesOf(appId);
    this.lines.push(line);
    if (standing !== before) this.save(before, standing);
  }

  private forgetLinesOf(appId: string): void {
    this.forgotten.add(appId);
    this.lines = this.lines.filter((line) => line.appId !== appId);
  }

  private save(before: Standing, standing: Standing): void {
    const { appId } = standing;
    this.standings.set(appId, standing);
    this.versions.set(appId, versionOf(standing));
    this.isChanged = true;
    this.mustRank ||= movesRanks(before, standing);
    const revision = (this.revision += 1);
    const row = this.rows.get(appId);
    if (row) Object.assign(row, standing, { revision });
    else {
      const created = this.tx.em.create(StandingRow, { ...standing, rank: null, revision });
      this.tx.em.persist(created);
      this.rows.set(appId, created);
    }
  }

  /** While the board is frozen, lines that everybody sees stay. */
  private async writeVersionsLogAndHead(): Promise<void> {
    if (this.forgotten.size > 0) await this.forgetNames();
    const columns = [...(['at', 'level', 'appId', 'text', 'traceId'] as const)].map((name) =>
      this.lines.map((line) => line[name]),
    );
    const versions = [...this.versions.values()].map((version) => version && JSON.stringify(version));
    await this.tx.query(
      `with head as (update board_head set revision = $7),
            versions as (
              insert into standing_version (app_id, known_at, version)
              select app_id, known_at, version from unnest($9::uuid[], $10::jsonb[]) as one (app_id, version), board_head),
            lines as (
              insert into log_line (at, level, app_id, text, trace_id, known_at)
              select line.*, known_at from unnest($1::timestamptz[], $2::text[], $3::uuid[], $4::text[], $5::text[]) as line, board_head
              returning line)
       delete from log_line
       where line <= (select max(line) from lines) - $6 and (select max(line) / $8 > (min(line) - 1) / $8 from lines)
         and known_at > (select coalesce(frozen_at, '-infinity') from board_head)`,
      [...columns, logLinesMax, this.revision, logLinesSwept, [...this.versions.keys()], versions],
    );
  }

  /** Who takes a pseudonym is called by it from now on in everything that is kept, a frozen scoreboard's log included. */
  private async forgetNames(): Promise<void> {
    const appIds = [...this.forgotten];
    const names = appIds.map((appId) => this.standings.get(appId)!.name);
    await this.tx.query(
      `with lines as (delete from log_line where app_id = any($1::uuid[]))
       update standing_version set version = version || jsonb_build_object('name', one.name, 'team', null)
       from unnest($1::uuid[], $2::text[]) as one (app_id, name)
       where standing_version.app_id = one.app_id and version is not null`,
      [appIds, names],
    );
  }

  private async rank(): Promise<void> {
    const rows = await this.tx.query<Ranked & { rank: number | null }>(
      `select app_id as "appId", verdict, judged - 'byPath' as judged, refused, downtime, in_sync_since as "inSyncSince", rank
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
    downtime: row.downtime ?? null,
    comparedAt: row.comparedAt ?? null,
    comparisonId: row.comparisonId ?? null,
    inSyncSince: row.inSyncSince ?? null,
    traceId: row.traceId ?? null,
    before: row.before ?? null,
    overridden: row.overridden ?? null,
  };
}
