import { Injectable } from '@nestjs/common';
import { iso } from './summary-row.js';
import { SharedStatement } from '#libs/platform/src/shared-statement.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface Evidence {
  readonly comparisonId: string;
  readonly appId: string;
  readonly isDifferent: boolean;
  readonly packed: Uint8Array;
}

export type NewestEvidence = Pick<Evidence, 'comparisonId' | 'appId' | 'packed'> & {
  readonly appName: string;
  readonly keptAt: string;
};

/** Comparisons of an app whose bodies are kept: the newest, whatever they found, and those that found differences. */
const newestMax = 3;
const differentMax = 20;

/** Larger ones are written one by one: a crowd of them would be hundreds of megabytes at once. */
const togetherBytesMax = 64 * 1024;

/** The bodies of several looks travel as one parameter, as the bytes they are. */
const kept = new SharedStatement<Evidence & { readonly keptAt: Date }>(
  `insert into evidence (comparison_id, app_id, is_different, kept_at, packed)
   select comparison_id, app_id, is_different, kept_at, substr($5::bytea, from_byte, bytes)
   from unnest($1::uuid[], $2::uuid[], $3::bool[], $4::int[], $6::int[], $7::timestamptz[])
     as one (comparison_id, app_id, is_different, from_byte, bytes, kept_at)
   on conflict (comparison_id) do update set is_different = excluded.is_different, kept_at = excluded.kept_at, packed = excluded.packed`,
  (all) => [
    all.map(({ comparisonId }) => comparisonId),
    all.map(({ appId }) => appId),
    all.map(({ isDifferent }) => isDifferent),
    all.map((_, n) => 1 + all.slice(0, n).reduce((sum, { packed }) => sum + packed.length, 0)),
    Buffer.concat(all.map(({ packed }) => packed)),
    all.map(({ packed }) => packed.length),
    all.map(({ keptAt }) => keptAt),
  ],
);

const forgotten = new SharedStatement<string>(
  `delete from evidence where comparison_id in (
     select comparison_id from (
       select comparison_id, is_different, row_number() over (partition by app_id order by kept_at desc, comparison_id) as place
       from evidence where app_id = any($1)) as placed
     where place > ${newestMax} and not (is_different and place <= ${differentMax}))`,
  (appIds) => [appIds],
);

/** The bodies that comparisons were judged from, and what the app was sent. They are foreign: only a judge reads them. */
@Injectable()
export class EvidenceRepository {
  /** Of a comparison its newest look. What goes over the numbers of this app is deleted. */
  async keep(tx: Tx, evidence: Evidence): Promise<void> {
    const one = { ...evidence, keptAt: tx.now };
    await (evidence.packed.length <= togetherBytesMax ? kept.ask(tx, one) : kept.askAlone(tx, one));
    await forgotten.ask(tx, evidence.appId);
  }

  /** The newest of the next app that takes part, in the order of their ids. */
  async next(tx: Tx, after: string): Promise<NewestEvidence | undefined> {
    const [row] = await tx.query<NewestEvidence>(
      `select comparison_id as "comparisonId", app_id as "appId", name as "appName", kept_at as "keptAt", packed
       from evidence join app using (app_id) where left_at is null and app_id > $1 order by app_id, kept_at desc limit 1`,
      [after],
    );
    return row && { ...row, keptAt: iso(row.keptAt)! };
  }

  /** Apps that take part and have none. */
  async appsWithout(tx: Tx, limit: number): Promise<string[]> {
    const rows = await tx.query<{ name: string }>(
      `select name from app where left_at is null and not exists (select from evidence where evidence.app_id = app.app_id)
       order by joined_at limit $1`,
      [limit],
    );
    return rows.map(({ name }) => name);
  }

  /**
   * Deletes what is older than a time, except of each app the newest; and the oldest of all until the rest takes no more than
   * `bytesMax`. Returns how many.
   */
  async sweep(tx: Tx, before: Date, bytesMax: number): Promise<number> {
    const rows = await tx.query(
      `delete from evidence where comparison_id in (
         select comparison_id from (
           select comparison_id, kept_at, row_number() over (partition by app_id order by kept_at desc) as place,
                  sum(octet_length(packed)) over (order by kept_at desc, comparison_id) as bytes from evidence) as placed
         where (place > $2 and kept_at < $1) or bytes > $3)
       returning 1`,
      [before, newestMax, bytesMax],
    );
    return rows.length;
  }
}
