import { Injectable } from '@nestjs/common';
import { iso, summaryColumns, toSummary, type SummaryRow } from './summary-row.js';
import type { Look } from '../domain/look.js';
import type { RuleHits } from '../domain/rules.js';
import type { Cause, ComparisonSummary, ComparisonTrigger, Suspicion } from '#libs/contracts/src/comparator.js';
import type { HeldBack } from '#libs/contracts/src/held-back.js';
import type { NamedRule } from '#libs/contracts/src/rules.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';
import { SharedStatement, type Asked } from '#libs/platform/src/shared-statement.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface Comparison {
  readonly comparisonId: string;
  readonly batchId: string;
  readonly appId: string;
  readonly trigger: ComparisonTrigger;
  readonly state: ComparisonSummary['state'];
  readonly looks: readonly Look[];
  /** False while it is held back: what it finds is for staff, and said to nobody. */
  readonly isPublic: boolean;
}

export interface BatchHead {
  readonly batchId: string;
  readonly by: string;
  readonly trigger: ComparisonTrigger;
}

export interface End {
  readonly verdict: Verdict;
  readonly sentence: string;
  readonly looks: readonly Look[];
  readonly ruleHits: readonly RuleHits[];
  readonly causes: readonly Cause[];
  readonly suspicions: readonly Suspicion[];
  readonly traceId: string | null;
  /** Of an unknown one: whose side failed. */
  readonly side?: 'ours' | 'baseline';
}

type BatchRow = { by: string; requestedAt: string; total: number; done: number } & (
  { state: null; expiresAt: null; endedAt: null; endedBy: null } | HeldBack
);

/** Comparisons of an app that keep their rows; of older ones the verdict and its sentence stay. */
export const comparisonsWithRowsMax = 20;

/** In one order everywhere, so that nobody waits in a circle. */
const found = new SharedStatement<string, Comparison & Asked>(
  `select ask::int, comparison_id as "comparisonId", batch_id as "batchId", app_id as "appId", trigger, state, looks, is_public as "isPublic"
   from unnest($1::uuid[]) with ordinality as asked (id, ask) join comparison on comparison_id = id order by app_id, is_public for update of comparison`,
  (ids) => [ids],
);

const begun = new SharedStatement<
  { comparisonId: string; appUrl: string; baselineUrl: string },
  { rules: NamedRule[] } & Asked
>(
  `update comparison set state = 'comparing', app_url = asked.app_url, baseline_url = asked.baseline_url,
     sentence = case when looks = '[]' then 'Reading both sides.' else sentence end,
     rules_version = coalesce(rules_version, (select max(version) from rule_set))
   from unnest($1::uuid[], $2::text[], $3::text[]) with ordinality as asked (id, app_url, baseline_url, ask)
   where comparison_id = id returning ask::int, (select rules from rule_set where version = comparison.rules_version)`,
  (looks) => (['comparisonId', 'appUrl', 'baselineUrl'] as const).map((name) => looks.map((look) => look[name])),
);

/** One JSON text for all: what is in it is escaped once. */
const ended = new SharedStatement<End & { comparisonId: string; computedAt: Date }>(
  `update comparison set state = 'done', verdict = one.verdict, sentence = one.sentence, looks = one.looks, causes = one.causes,
     computed_at = one."computedAt", trace_id = one."traceId", rule_hits = one."ruleHits", suspicions = one.suspicions, side = one.side
   from jsonb_to_recordset($2) as one ("comparisonId" uuid, verdict text, sentence text, looks jsonb, causes jsonb, "computedAt" timestamptz,
                                      "traceId" text, "ruleHits" jsonb, suspicions jsonb, side text)
   where comparison_id = any($1) and comparison_id = one."comparisonId"`,
  (ends) => [ends.map(({ comparisonId }) => comparisonId), JSON.stringify(ends)],
);

const forgotten = new SharedStatement<string>(
  `update comparison set looks = '[]' where state = 'done' and comparison_id in (
     select comparison_id from unnest($1::uuid[]) as asked (id) cross join lateral (
       select comparison_id from comparison where app_id = id and looks <> '[]' order by requested_at desc offset ${comparisonsWithRowsMax}) as older)`,
  (appIds) => [appIds],
);

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
    return this.add(tx, head, wanted);
  }

  /** To a batch that is there; `isPublic` false keeps apart from those that are, and theirs go on as if this one did not exist. */
  async add(
    tx: Tx,
    head: Pick<BatchHead, 'batchId' | 'trigger'>,
    wanted: readonly { appId: string; comparisonId: string }[],
    isPublic = true,
  ): Promise<{ appId: string; comparisonId: string; opened: boolean }[]> {
    const rows = await tx.query<{ appId: string; comparisonId: string; opened: boolean }>(
      `insert into comparison (comparison_id, batch_id, app_id, trigger, state, requested_at, is_public)
       select comparison_id, $1, app_id, $2, 'queued', $3, $6 from unnest($4::uuid[], $5::uuid[]) as wanted (app_id, comparison_id) order by app_id
       on conflict (app_id, is_public) where state <> 'done' do update set trigger = comparison.trigger
       returning app_id as "appId", comparison_id as "comparisonId", (xmax = 0) as opened`,
      [
        head.batchId,
        head.trigger,
        tx.now,
        wanted.map((one) => one.appId),
        wanted.map((one) => one.comparisonId),
        isPublic,
      ],
    );
    await tx.query('insert into batch_comparison select $1, comparison_id from unnest($2::uuid[]) as comparison_id', [
      head.batchId,
      rows.map((row) => row.comparisonId),
    ]);
    return rows;
  }

  async find(tx: Tx, comparisonId: string): Promise<Comparison | undefined> {
    const [row] = await found.ask(tx, comparisonId);
    return row;
  }

  /** A look begins at these addresses. Returns the rules that it is judged by: at all looks those of the first. */
  async begin(
    tx: Tx,
    comparisonId: string,
    addresses: { appUrl: string; baselineUrl: string },
  ): Promise<readonly NamedRule[]> {
    const [row] = await begun.ask(tx, { comparisonId, ...addresses });
    return row?.rules ?? [];
  }

  async lookAgain(tx: Tx, comparisonId: string, looks: readonly Look[], sentence: string): Promise<void> {
    await tx.query(`update comparison set state = 'second-look', looks = $2, sentence = $3 where comparison_id = $1`, [
      comparisonId,
      JSON.stringify(looks),
      sentence,
    ]);
  }

  /** The comparison is over; an older one of this app gives up its rows for it. */
  async finish(tx: Tx, { comparisonId, appId }: Comparison, end: End): Promise<void> {
    await ended.ask(tx, { comparisonId, computedAt: tx.now, ...end });
    await forgotten.ask(tx, appId);
  }

  async list(tx: Tx, appId: string | undefined, limit: number): Promise<ComparisonSummary[]> {
    const rows = await tx.query<SummaryRow>(
      `select ${summaryColumns} from comparison join app using (app_id)
       where is_public and ($1::uuid is null or comparison.app_id = $1) order by comparison.requested_at desc, comparison_id limit $2`,
      [appId ?? null, limit],
    );
    return rows.map(toSummary);
  }

  /** What wants attention first, from the `skip`-th on. */
  async batch(tx: Tx, batchId: string, { skip, limit }: { skip: number; limit: number }) {
    const [head] = await tx.query<BatchRow>(
      `select actor as by, requested_at as "requestedAt", hold as state, expires_at as "expiresAt", ended_at as "endedAt", ended_by as "endedBy",
              (select count(*)::int from batch_comparison where batch_id = $1) as total,
              (select count(*)::int from batch_comparison join comparison using (comparison_id)
               where batch_comparison.batch_id = $1 and state = 'done') as done
       from batch where batch_id = $1`,
      [batchId],
    );
    if (!head) return undefined;
    const rows = await tx.query<SummaryRow>(
      `select ${summaryColumns} from batch_comparison join comparison using (comparison_id) join app using (app_id)
       where batch_comparison.batch_id = $1
       order by (state = 'done'), array_position(array['out-of-sync', 'unreachable', 'unknown', 'pending', 'in-sync'], verdict),
         app.name, comparison_id limit $2 offset $3`,
      [batchId, limit, skip],
    );
    const { by, requestedAt, total, done, state, expiresAt, endedAt, endedBy } = head;
    const heldBack = state && { state, expiresAt: iso(expiresAt)!, endedAt: iso(endedAt), endedBy };
    const shown = { batchId, by, requestedAt: iso(requestedAt)!, total, done, comparisons: rows.map(toSummary) };
    return heldBack ? { ...shown, heldBack } : shown;
  }

  async detail(tx: Tx, comparisonId: string) {
    const [row] = await tx.query<
      SummaryRow & {
        looks: Look[];
        causes: Cause[];
        suspicions: Suspicion[];
        appUrl: string;
        baselineUrl: string | null;
        rulesVersion: number | null;
        isPublic: boolean;
      }
    >(
      `select ${summaryColumns}, looks, causes, suspicions, coalesce(app_url, app.url) as "appUrl", baseline_url as "baselineUrl",
         rules_version as "rulesVersion", is_public as "isPublic"
       from comparison join app using (app_id) where comparison_id = $1`,
      [comparisonId],
    );
    if (!row) return undefined;
    const { override: _, ...rest } = row;
    return { ...rest, ...toSummary(row) };
  }

  /** Deletes comparisons and batches that were asked for before a time, as many of each as `limit`; returns how many. */
  async sweep(tx: Tx, before: Date, limit: number): Promise<number> {
    const done = await tx.query(
      `delete from comparison where comparison_id in (
         select comparison_id from comparison where requested_at < $1 and state = 'done' order by requested_at limit $2)
       returning 1`,
      [before, limit],
    );
    const batches = await tx.query(
      `delete from batch where batch_id in (
         select batch_id from batch where requested_at < $1 and not exists (select from comparison where comparison.batch_id = batch.batch_id)
         order by requested_at limit $2)
       returning 1`,
      [before, limit],
    );
    return done.length + batches.length;
  }
}
