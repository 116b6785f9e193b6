import { Injectable } from '@nestjs/common';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { ProbeWindowDeclared } from '#libs/contracts/src/windows.js';
import type { Tx } from '#libs/platform/src/transaction.js';
import { canonical } from '#libs/proof/src/evidence.js';
import type { Proof } from '#libs/proof/src/judge.js';
import type { ProbePlan } from '#libs/proof/src/plan.js';
import type { ProbeRecord, WindowRecord } from '#libs/proof/src/record.js';
import type { Cell } from '#libs/proof/src/strip.js';

export interface KnownWindow {
  readonly windowId: string;
  readonly appId: string;
  readonly appName: string;
  readonly url: string;
  readonly declaredBy: string;
  readonly declaredAt: string;
  readonly plan: ProbePlan;
  /** When the first probe was due; null before anybody began. */
  readonly opensAt: string | null;
  /** Its app left: nothing more is asked of it. */
  readonly isStopped: boolean;
  readonly closedAt: string | null;
  readonly proof: Proof | null;
  readonly strip: readonly Cell[] | null;
  readonly head: string | null;
}

const columns = `window_id as "windowId", app_id as "appId", app_name as "appName", url, declared_by as "declaredBy",
  declared_at as "declaredAt", plan, opens_at as "opensAt", stopped_at is not null as "isStopped", closed_at as "closedAt", proof, strip, head`;

/** Probes are kept for as long as people may argue about them, verdicts longer. */
const keepProbesDays = 7;
const keepWindowsDays = 30;

const leadMs = 500;

/** Declared windows and what was seen of them. */
@Injectable()
export class WindowRepository {
  async declare(tx: Tx, data: DataOf<typeof ProbeWindowDeclared>, plan: ProbePlan): Promise<void> {
    await tx.query(
      `insert into probe_window (window_id, app_id, app_name, url, declared_by, declared_at, plan) values ($1, $2, $3, $4, $5, $6, $7)`,
      [data.windowId, data.appId, data.appName, data.url, data.declaredBy, data.declaredAt, JSON.stringify(plan)],
    );
  }

  /** Opens it when nobody has, in a moment: the first probe is not late by our own begin. Undefined when it is closed. Locks it. */
  async open(tx: Tx, windowId: string): Promise<(KnownWindow & { readonly opensAt: string }) | undefined> {
    await tx.query('update probe_window set opens_at = coalesce(opens_at, $2) where window_id = $1', [
      windowId,
      new Date(tx.now.getTime() + leadMs),
    ]);
    const window = await this.find(tx, windowId);
    return window?.opensAt && !window.closedAt ? { ...window, opensAt: window.opensAt } : undefined;
  }

  async find(tx: Tx, windowId: string): Promise<KnownWindow | undefined> {
    const [row] = await tx.query<KnownWindow>(`select ${columns} from probe_window where window_id = $1`, [windowId]);
    return row && withIsoTimes(row);
  }

  async list(tx: Tx, appId: string, limit: number): Promise<KnownWindow[]> {
    const rows = await tx.query<KnownWindow>(
      `select ${columns} from probe_window where app_id = $1 order by declared_at desc limit $2`,
      [appId, limit],
    );
    return rows.map(withIsoTimes);
  }

  /** Nothing more is probed of an app that has left. */
  async stopOf(tx: Tx, appId: string): Promise<void> {
    await tx.query('update probe_window set stopped_at = $2 where app_id = $1 and closed_at is null', [appId, tx.now]);
  }

  /** The same chunk is kept once, whoever writes it again. */
  async keep(tx: Tx, windowId: string, chunkId: string, records: readonly ProbeRecord[]): Promise<void> {
    await tx.query(
      `insert into probe_chunk (window_id, chunk_id, lines) values ($1, $2, $3) on conflict (chunk_id) do nothing`,
      [windowId, chunkId, records.map(canonical).join('\n')],
    );
  }

  /** All that was written down, the window itself first; only that when its probes are no longer kept. */
  async records(tx: Tx, window: KnownWindow): Promise<ProbeRecord[]> {
    const chunks = await tx.query<{ lines: string }>(
      'select lines from probe_chunk where window_id = $1 order by position',
      [window.windowId],
    );
    const kept = chunks.flatMap(({ lines }) => lines.split('\n').map((line) => JSON.parse(line) as ProbeRecord));
    return [headOf(window), ...kept];
  }

  async close(
    tx: Tx,
    windowId: string,
    { proof, strip, head }: { proof: Proof; strip: Cell[]; head: string },
  ): Promise<void> {
    await tx.query('update probe_window set proof = $2, strip = $3, head = $4, closed_at = $5 where window_id = $1', [
      ...[windowId, JSON.stringify(proof), strip, head, tx.now],
    ]);
    await tx.query(
      `delete from probe_chunk where window_id in
         (select window_id from probe_window where closed_at < $1::timestamptz - make_interval(days => $2) limit 50)`,
      [tx.now, keepProbesDays],
    );
    await tx.query(`delete from probe_window where closed_at < $1::timestamptz - make_interval(days => $2)`, [
      ...[tx.now, keepWindowsDays],
    ]);
  }
}

const headOf = ({
  windowId,
  appId,
  appName,
  url,
  declaredBy,
  opensAt,
  declaredAt,
  plan,
}: KnownWindow): WindowRecord => ({
  ...{ kind: 'window', windowId, appId, appName, url, declaredBy, plan },
  opensAt: opensAt ?? declaredAt,
});

const iso = (time: string): string => new Date(time).toISOString();
const withIsoTimes = (row: KnownWindow): KnownWindow => ({
  ...row,
  declaredAt: iso(row.declaredAt),
  opensAt: row.opensAt && iso(row.opensAt),
  closedAt: row.closedAt && iso(row.closedAt),
});
