import { Injectable } from '@nestjs/common';
import { iso } from './summary-row.js';
import type { Given, Overridable } from '../domain/override.js';
import type { GivenVerdict, Override, OverrideEntry } from '#libs/contracts/src/overrides.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface OverriddenComparison extends Overridable {
  readonly comparisonId: string;
  readonly appId: string;
  readonly sentence: string;
}

/** Of one comparison that are shown. */
const entriesMax = 20;

/** What staff said of verdicts: the last word beside the verdict, every word in a list that is kept for good. */
@Injectable()
export class OverrideRepository {
  /** Nobody else says anything of it before this transaction ends. */
  async lock(tx: Tx, comparisonId: string): Promise<OverriddenComparison | undefined> {
    const [row] = await tx.query<OverriddenComparison>(
      `select comparison_id as "comparisonId", app_id as "appId", state = 'done' and is_public as "isDone", verdict, sentence, override,
         not exists (select from comparison as newer where newer.app_id = comparison.app_id and newer.state = 'done' and newer.is_public
                       and newer.verdict <> 'pending' and newer.computed_at > comparison.computed_at) as "isNewest",
         exists (select from app where app.app_id = comparison.app_id and left_at is null and joined_at <= computed_at) as "isOnBoard"
       from comparison where comparison_id = $1 for update`,
      [comparisonId],
    );
    return row;
  }

  /** The last word on it is this one, or none any more. */
  async save(
    tx: Tx,
    { comparisonId, appId }: Pick<OverriddenComparison, 'comparisonId' | 'appId'>,
    said: Omit<Given, 'verdict'> & { verdict: GivenVerdict | null },
    machine: Override['machine'],
  ): Promise<void> {
    await tx.query('update comparison set override = $2 where comparison_id = $1', [
      comparisonId,
      said.verdict && JSON.stringify(said),
    ]);
    await tx.query(
      `insert into verdict_override (comparison_id, app_id, at, actor, verdict, reason, machine_verdict)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [comparisonId, appId, said.at, said.by, said.verdict, said.reason, machine.verdict],
    );
  }

  /** The newest first. */
  async list(tx: Tx, comparisonId: string): Promise<OverrideEntry[]> {
    const rows = await tx.query<OverrideEntry>(
      'select verdict, reason, actor as by, at from verdict_override where comparison_id = $1 order by entry desc limit $2',
      [comparisonId, entriesMax],
    );
    return rows.map((row) => ({ ...row, at: iso(row.at)! }));
  }
}
