import { Injectable } from '@nestjs/common';
import { summaryColumns, toSummary, type SummaryRow } from './summary-row.js';
import type { UnknownComparison } from '#libs/contracts/src/unknown.js';
import type { Tx } from '#libs/platform/src/transaction.js';

type UnknownRow = SummaryRow & Pick<UnknownComparison, 'side' | 'isNewest' | 'takesPart'>;

/** Unknown by itself, or because staff say so: then it is nobody's failure that we know of. */
const unknown = `is_public and state = 'done' and coalesce(override ->> 'verdict', verdict) = 'unknown'`;
const side = `case when override is null then side end`;
const isNewest = `left_at is null and joined_at <= computed_at
  and not exists (select from comparison as newer where newer.app_id = comparison.app_id and newer.state = 'done' and newer.is_public
                    and newer.verdict <> 'pending' and newer.computed_at > comparison.computed_at)`;

/** Comparisons that ended unknown. */
@Injectable()
export class UnknownRepository {
  /** Newest first; `since` null: of each app its newest one only. */
  async page(tx: Tx, since: Date | null, { skip, limit }: { skip: number; limit: number }) {
    const wanted = `${unknown} and (computed_at >= $1::timestamptz or $1::timestamptz is null and ${isNewest})`;
    const rows = await tx.query<UnknownRow>(
      `select ${summaryColumns}, ${side} as side, ${isNewest} as "isNewest",
         left_at is null as "takesPart"
       from comparison join app using (app_id)
       where ${wanted} order by computed_at desc, comparison_id limit $2 offset $3`,
      [since, limit, skip],
    );
    const [counted] = await tx.query<{ total: number }>(
      `select count(*)::int as total from comparison join app using (app_id) where ${wanted}`,
      [since],
    );
    const comparisons = rows.map((row): UnknownComparison => ({
      ...toSummary(row),
      ...{ side: row.side, isNewest: row.isNewest, takesPart: row.takesPart },
    }));
    return { comparisons, total: counted!.total };
  }
}
