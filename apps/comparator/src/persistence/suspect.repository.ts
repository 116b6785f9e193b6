import { Injectable } from '@nestjs/common';
import { comparisonsWithRowsMax } from './comparison.repository.js';
import { iso } from './summary-row.js';
import type { Suspect, Suspicion } from '#libs/contracts/src/comparator.js';
import type { Tx } from '#libs/platform/src/transaction.js';

type SuspectRow = Omit<Suspect, 'strongest' | 'comparisons'> & {
  readonly suspicions: readonly Suspicion[];
  readonly suspicious: number;
  readonly looked: number;
};
const order = ['proof', 'hint'];

/** Apps in whose newest comparisons something points to data that is not their own. */
@Injectable()
export class SuspectRepository {
  /** The strongest first, as many as `limit`. */
  async list(tx: Tx, limit: number): Promise<Suspect[]> {
    const rows = await tx.query<SuspectRow>(
      `select app.app_id as "appId", app.name as "appName", found.*
       from app cross join lateral (
         select (array_agg(comparison_id order by computed_at desc) filter (where is_suspicious))[1] as "comparisonId",
                max(computed_at) filter (where is_suspicious) as "computedAt",
                (array_agg(suspicions order by computed_at desc) filter (where is_suspicious))[1] as suspicions,
                count(*) filter (where is_suspicious)::int as suspicious, count(*)::int as looked
         from (select comparison_id, computed_at, suspicions, suspicions @? '$[*] ? (@.strength != "note")' as is_suspicious
               from comparison where comparison.app_id = app.app_id and state = 'done' and looks <> '[]'
               order by requested_at desc limit $1) as newest) as found
       where left_at is null and suspicious > 0
         and exists (select from comparison where comparison.app_id = app.app_id and suspicions <> '[]')
       order by (suspicions @? '$[*] ? (@.strength == "proof")') desc, "computedAt" desc limit $2`,
      [comparisonsWithRowsMax, limit],
    );
    return rows.map(({ suspicions, suspicious, looked, computedAt, ...row }) => {
      const [strongest] = suspicions.toSorted((a, b) => order.indexOf(a.strength) - order.indexOf(b.strength));
      const { kind, strength, path, sentence } = strongest!;
      return {
        ...{ appId: row.appId, appName: row.appName, comparisonId: row.comparisonId, computedAt: iso(computedAt)! },
        ...{ comparisons: { suspicious, looked }, strongest: { kind, strength, path, sentence } },
      };
    });
  }
}
