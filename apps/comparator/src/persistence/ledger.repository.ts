import { Injectable } from '@nestjs/common';
import type { Obligation } from '../domain/obligation.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { TargetFilled, WriteKind } from '#libs/contracts/src/filler.js';
import type { FillRequested } from '#libs/contracts/src/submission.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface ComparedApp {
  readonly appId: string;
  readonly name: string;
  readonly url: string;
  readonly joinedAt: string;
}

/** Who takes part, which fills there were, and what every target acknowledged. */
@Injectable()
export class LedgerRepository {
  async join(tx: Tx, { appId, name, url, joinedAt }: ComparedApp): Promise<void> {
    await tx.query(
      `insert into app (app_id, name, url, joined_at) values ($1, $2, $3, $4)
       on conflict (app_id) do update set name = excluded.name, url = excluded.url, joined_at = excluded.joined_at, left_at = null`,
      [appId, name, url, joinedAt],
    );
  }

  async leave(tx: Tx, appId: string, at: string): Promise<void> {
    await tx.query('update app set left_at = $2 where app_id = $1', [appId, at]);
  }

  /** Those that take part: all, or of the given ones. */
  activeApps(tx: Tx, only: readonly string[] | 'all'): Promise<ComparedApp[]> {
    return tx.query<ComparedApp>(
      `select app_id as "appId", name, url, joined_at as "joinedAt" from app
       where left_at is null and ($1::uuid[] is null or app_id = any($1)) order by joined_at, app_id`,
      [only === 'all' ? null : only],
    );
  }

  async openFill(
    tx: Tx,
    { fillId, number, iterations, requestedAt, targets }: DataOf<typeof FillRequested>,
  ): Promise<void> {
    const baseline = targets.find((target) => target.role === 'baseline');
    if (!baseline) throw new Error(`fill ${number} has no baseline`);
    await tx.query(
      `insert into fill (number, fill_id, iterations, baseline_id, baseline_url, requested_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (number) do nothing`,
      [number, fillId, iterations, baseline.targetId, baseline.url, requestedAt],
    );
  }

  /** The events of a fill come over two logs: it may close before we heard that it was opened. Then the handler is tried again. */
  async closeFill(tx: Tx, number: number, at: string): Promise<void> {
    const rows = await tx.query('update fill set closed_at = $2 where number = $1 returning 1', [number, at]);
    if (rows.length === 0) throw new Error(`fill ${number} closed, but its request has not arrived yet`);
  }

  async addWrites(tx: Tx, { targetId, number, writes }: DataOf<typeof TargetFilled>): Promise<void> {
    await tx.query(
      `insert into ledger_write (target_id, marker, kind, payload, fill_number, index, outcome, acknowledged_at)
       select $1, marker, kind, payload, $2, index, outcome, case when outcome = 'acknowledged' then answered_at end
       from unnest($3::text[], $4::text[], $5::jsonb[], $6::int[], $7::text[], $8::timestamptz[])
         as write (marker, kind, payload, index, outcome, answered_at)
       on conflict (target_id, marker) do nothing`,
      [
        targetId,
        number,
        writes.map((write) => write.marker),
        writes.map((write) => write.payload.kind),
        writes.map((write) => JSON.stringify(write.payload)),
        writes.map((write) => write.index),
        writes.map((write) => write.outcome),
        writes.map((write) => write.answeredAt),
      ],
    );
  }

  /** The newest baseline address and how many writes of one kind may be on their way in open fills. */
  async newestFill(tx: Tx): Promise<{ baselineUrl: string; slack: number } | undefined> {
    const [fill] = await tx.query<{ baselineUrl: string; slack: number }>(
      `select baseline_url as "baselineUrl", (select coalesce(sum(iterations), 0)::int from fill where closed_at is null) as slack
       from fill order by number desc limit 1`,
    );
    return fill;
  }

  /** Acknowledged writes of closed fills since the app joined, in the order of writing: the newest `limit` of one kind. */
  async obligations(tx: Tx, app: ComparedApp, kind: WriteKind, limit: number | null): Promise<Obligation[]> {
    const rows = await tx.query<Obligation>(
      `select marker, payload, fill_number as fill, index, acknowledged_at as "acknowledgedAt"
       from ledger_write join fill on fill.number = fill_number
       where target_id = $1 and kind = $2 and outcome = 'acknowledged' and closed_at is not null and requested_at >= $3
       order by fill_number desc, index desc limit $4`,
      [app.appId, kind, app.joinedAt, limit],
    );
    return rows
      .reverse()
      .map((row) => ({ ...row, acknowledgedAt: row.acknowledgedAt && new Date(row.acknowledgedAt).toISOString() }));
  }

  async countAcknowledged(tx: Tx, app: ComparedApp): Promise<Record<WriteKind, number>> {
    const rows = await tx.query<{ kind: WriteKind; count: number }>(
      `select kind, count(*)::int as count from ledger_write join fill on fill.number = fill_number
       where target_id = $1 and outcome = 'acknowledged' and closed_at is not null and requested_at >= $2 group by kind`,
      [app.appId, app.joinedAt],
    );
    const count = (kind: WriteKind) => rows.find((row) => row.kind === kind)?.count ?? 0;
    return { entry: count('entry'), mood: count('mood'), value: count('value') };
  }

  /** Apps that were part of this fill and have never been compared. */
  neverCompared(tx: Tx, number: number): Promise<{ appId: string }[]> {
    return tx.query<{ appId: string }>(
      `select app_id as "appId" from app
       where left_at is null and exists (select from ledger_write where target_id = app_id and fill_number = $1)
         and not exists (select from comparison where comparison.app_id = app.app_id)`,
      [number],
    );
  }
}
