import { Injectable } from '@nestjs/common';
import type { Look } from '../domain/look.js';
import type { Cause, ComparisonSummary, ComparisonTrigger } from '#libs/contracts/src/comparator.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface Comparison {
  readonly comparisonId: string;
  readonly batchId: string;
  readonly appId: string;
  readonly trigger: ComparisonTrigger;
  readonly state: ComparisonSummary['state'];
  readonly looks: readonly Look[];
}

export interface BatchHead {
  readonly batchId: string;
  readonly by: string;
  readonly trigger: ComparisonTrigger;
}

const summaryColumns = `comparison_id as "comparisonId", comparison.batch_id as "batchId", comparison.app_id as "appId", app.name as "appName",
  comparison.trigger, state, verdict, sentence, comparison.requested_at as "requestedAt", computed_at as "computedAt", trace_id as "traceId"`;

type SummaryRow = ComparisonSummary & { requestedAt: string; computedAt: string | null };

@Injectable()
export class ComparisonRepository {
  /**
   * A batch of comparisons: one for each app that has none open; an app that has one joins it. Two batches at once cannot
   * open two for one app: the second waits, and joins.
   */
  async addBatch(
    tx: Tx,
    head: BatchHead,
    wanted: readonly { appId: string; comparisonId: string }[],
  ): Promise<{ appId: string; comparisonId: string; opened: boolean }[]> {
    await tx.query('insert into batch (batch_id, actor, trigger, requested_at) values ($1, $2, $3, $4)', [
      head.batchId,
      head.by,
      head.trigger,
      tx.now,
    ]);
    const rows = await tx.query<{ appId: string; comparisonId: string; opened: boolean }>(
      `insert into comparison (comparison_id, batch_id, app_id, trigger, state, requested_at)
       select comparison_id, $1, app_id, $2, 'queued', $3 from unnest($4::uuid[], $5::uuid[]) as wanted (app_id, comparison_id) order by app_id
       on conflict (app_id) where state <> 'done' do update set trigger = comparison.trigger
       returning app_id as "appId", comparison_id as "comparisonId", (xmax = 0) as opened`,
      [head.batchId, head.trigger, tx.now, wanted.map((one) => one.appId), wanted.map((one) => one.comparisonId)],
    );
    await tx.query('insert into batch_comparison select $1, comparison_id from unnest($2::uuid[]) as comparison_id', [
      head.batchId,
      rows.map((row) => row.comparisonId),
    ]);
    return rows;
  }

  async find(tx: Tx, comparisonId: string): Promise<Comparison | undefined> {
    const [row] = await tx.query<Comparison>(
      `select comparison_id as "comparisonId", batch_id as "batchId", app_id as "appId", trigger, state, looks
       from comparison where comparison_id = $1 for update`,
      [comparisonId],
    );
    return row;
  }

  async begin(tx: Tx, comparisonId: string): Promise<void> {
    await tx.query(
      `update comparison set state = 'comparing', sentence = case when looks = '[]' then 'Reading both sides.' else sentence end where comparison_id = $1`,
      [comparisonId],
    );
  }

  async lookAgain(tx: Tx, comparisonId: string, looks: readonly Look[], sentence: string): Promise<void> {
    await tx.query(`update comparison set state = 'second-look', looks = $2, sentence = $3 where comparison_id = $1`, [
      comparisonId,
      JSON.stringify(looks),
      sentence,
    ]);
  }

  async finish(
    tx: Tx,
    comparisonId: string,
    end: {
      verdict: Verdict;
      sentence: string;
      looks: readonly Look[];
      causes: readonly Cause[];
      traceId: string | null;
    },
  ): Promise<void> {
    await tx.query(
      `update comparison set state = 'done', verdict = $2, sentence = $3, looks = $4, causes = $5, computed_at = $6, trace_id = $7
       where comparison_id = $1`,
      [
        comparisonId,
        end.verdict,
        end.sentence,
        JSON.stringify(end.looks),
        JSON.stringify(end.causes),
        tx.now,
        end.traceId,
      ],
    );
  }

  async list(tx: Tx, appId: string | undefined, limit: number): Promise<ComparisonSummary[]> {
    const rows = await tx.query<SummaryRow>(
      `select ${summaryColumns} from comparison join app using (app_id)
       where $1::uuid is null or comparison.app_id = $1 order by comparison.requested_at desc, comparison_id limit $2`,
      [appId ?? null, limit],
    );
    return rows.map(toSummary);
  }

  async batch(tx: Tx, batchId: string) {
    const [head] = await tx.query<{ by: string; requestedAt: string; total: number; done: number }>(
      `select actor as by, requested_at as "requestedAt",
              (select count(*)::int from batch_comparison where batch_id = $1) as total,
              (select count(*)::int from batch_comparison join comparison using (comparison_id)
               where batch_comparison.batch_id = $1 and state = 'done') as done
       from batch where batch_id = $1`,
      [batchId],
    );
    if (!head) return undefined;
    const rows = await tx.query<SummaryRow>(
      `select ${summaryColumns} from batch_comparison join comparison using (comparison_id) join app using (app_id)
       where batch_comparison.batch_id = $1 order by (state = 'done'), app.name limit 500`,
      [batchId],
    );
    return { batchId, ...head, requestedAt: iso(head.requestedAt)!, comparisons: rows.map(toSummary) };
  }

  async detail(tx: Tx, comparisonId: string) {
    const [row] = await tx.query<SummaryRow & { looks: Look[]; causes: Cause[]; appUrl: string }>(
      `select ${summaryColumns}, looks, causes, app.url as "appUrl" from comparison join app using (app_id) where comparison_id = $1`,
      [comparisonId],
    );
    return row && { ...row, ...toSummary(row) };
  }
}

const toSummary = (row: SummaryRow): ComparisonSummary => ({
  comparisonId: row.comparisonId,
  batchId: row.batchId,
  appId: row.appId,
  appName: row.appName,
  trigger: row.trigger,
  state: row.state,
  verdict: row.verdict,
  sentence: row.sentence,
  requestedAt: iso(row.requestedAt)!,
  computedAt: iso(row.computedAt),
  traceId: row.traceId,
});
const iso = (time: string | null): string | null => (time === null ? null : new Date(time).toISOString());
