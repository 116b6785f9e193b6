import { Injectable } from '@nestjs/common';
import type { PlacedTarget } from '../domain/places.js';
import type { Part } from './fill.repository.js';
import type { FillDriver } from '#libs/contracts/src/shapes.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** A target of a fill whose part has not begun. */
export interface DueTarget {
  readonly targetId: string;
  readonly url: string;
  readonly driver: FillDriver;
  readonly settledAt: readonly string[];
}

/** What a part finds out about the targets that it has waited for. */
export interface Neighbours {
  readonly urls: readonly string[];
  /** One of them has not ended. */
  readonly areBusy: boolean;
  /** Rows of this fill are, or may be, with one of them. */
  readonly haveRows: boolean;
}

const placesKept = 32;

/** Where the targets of a fill lead, and who waits for whom: see domain/places.ts. */
@Injectable()
export class PlaceRepository {
  /** In the order of joining. */
  due(tx: Tx, fillId: string): Promise<DueTarget[]> {
    return tx.query<DueTarget>(
      `select target_id as "targetId", url, driver, coalesce(settled_place.places, '{}') as "settledAt"
       from part left join settled_place using (target_id) where fill_id = $1 and state = 'due' order by ordinal`,
      [fillId],
    );
  }

  /** Tells each part its places and whom it waits for. Who waits for nobody is settled where it is. */
  async arrange(
    tx: Tx,
    fillId: string,
    targets: readonly PlacedTarget[],
    waits: ReadonlyMap<string, readonly string[]>,
  ): Promise<void> {
    const rows = targets.map((target) => ({ ...target, waitsFor: waits.get(target.targetId) ?? [] }));
    await tx.query(
      `update part set places = told.places, waits_for = told."waitsFor"
       from jsonb_to_recordset($2) as told ("targetId" uuid, places text[], "waitsFor" uuid[])
       where fill_id = $1 and target_id = told."targetId"`,
      [fillId, JSON.stringify(rows)],
    );
    const alone = rows.filter(({ waitsFor, places }) => waitsFor.length === 0 && places.length > 0);
    for (const target of alone) await this.settle(tx, target.targetId, target.places);
  }

  /** It has been told from all others at the places of this part. */
  async settlePart(tx: Tx, { fillId, targetId }: Part): Promise<void> {
    const [part] = await tx.query<{ places: string[] }>(
      'select places from part where fill_id = $1 and target_id = $2',
      [fillId, targetId], // prettier-ignore
    );
    if (part && part.places.length > 0) await this.settle(tx, targetId, part.places);
  }

  async neighboursOf(tx: Tx, { fillId, waitsFor }: Part): Promise<Neighbours> {
    const rows = await tx.query<{ url: string; isBusy: boolean; hasRows: boolean }>(
      `select url, part.state in ('due', 'filling') as "isBusy",
              exists (select 1 from write_log where write_log.fill_id = part.fill_id and write_log.target_id = part.target_id
                      and write_log.state in ('sent', 'acknowledged', 'unknown')) as "hasRows"
       from part where fill_id = $1 and target_id = any($2::uuid[]) order by ordinal`,
      [fillId, waitsFor],
    );
    return {
      urls: rows.map(({ url }) => url),
      areBusy: rows.some(({ isBusy }) => isBusy),
      haveRows: rows.some(({ hasRows }) => hasRows),
    };
  }

  private async settle(tx: Tx, targetId: string, places: readonly string[]): Promise<void> {
    await tx.query(
      `insert into settled_place as known (target_id, places) values ($1, $2)
       on conflict (target_id) do update
       set places = (select array_agg(place) from (select distinct unnest(excluded.places || known.places) as place limit $3) as all_of_them)
       where not known.places @> excluded.places`,
      [targetId, places, placesKept],
    );
  }
}
