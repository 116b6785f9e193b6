import { Injectable } from '@nestjs/common';
import { iso } from './summary-row.js';
import type { Look } from '../domain/look.js';
import type { Obligation } from '../domain/obligation.js';
import type { WriteKind } from '#libs/contracts/src/filler.js';
import type { MeasuredRule } from '#libs/contracts/src/rules.js';
import { SharedStatement, type Asked } from '#libs/platform/src/shared-statement.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** What was not seen for so long is no longer in force; then it may be a difference again. */
const inForceHours = 24;
/** As many of one kind as are looked at: more than a window shows. */
const commonMax = 400;

/** The two baselines of the newest fill. */
export interface Baselines {
  readonly baselineId: string;
  readonly shadowId: string;
  readonly shadowUrl: string;
}

const measured = new SharedStatement<{ now: Date; limit: number }, Omit<MeasuredRule, 'source'> & Asked>(
  `select ask::int, rule.* from unnest($1::timestamptz[], $2::int[]) with ordinality as asked (now, max, ask) cross join lateral (
     select endpoint, path, differed::float8 as differed, compared::float8 as compared, first_seen_at as "firstSeenAt",
            last_seen_at as "lastSeenAt", last_seen_at > now - make_interval(hours => ${inForceHours}) as "isInForce"
     from measured_rule order by last_seen_at desc, differed desc, endpoint, path limit max) as rule
   order by ask, "lastSeenAt" desc, differed desc, endpoint, path`,
  (asked) => [asked.map(({ now }) => now), asked.map(({ limit }) => limit)],
);

const newest = new SharedStatement<undefined, Baselines & Asked>(
  `select ask, one.* from generate_series(1, $1::int) as ask cross join (
     select baseline_id as "baselineId", shadow_id as "shadowId", shadow_url as "shadowUrl" from fill
     where baseline_url is not null order by number desc limit 1) as one`,
  ({ length }) => [length],
);

/** What the baseline and its shadow differ in. */
@Injectable()
export class NoiseRepository {
  /** Adds what one look has measured. In one order, so that looks that end together wait for each other instead of locking up. */
  async add(tx: Tx, { endpoints }: Look): Promise<void> {
    const seen = endpoints.flatMap(({ path: endpoint, noise = [] }) => noise.map((one) => ({ endpoint, ...one })));
    if (seen.length === 0) return;
    await tx.query(
      `insert into measured_rule (endpoint, path, differed, compared, first_seen_at, last_seen_at)
       select endpoint, path, differed, compared, $5, $5
       from unnest($1::text[], $2::text[], $3::int[], $4::int[]) as seen (endpoint, path, differed, compared) order by endpoint, path
       on conflict (endpoint, path) do update set differed = measured_rule.differed + excluded.differed,
         compared = measured_rule.compared + excluded.compared, last_seen_at = excluded.last_seen_at`,
      [...(['endpoint', 'path', 'differed', 'compared'] as const).map((name) => seen.map((one) => one[name])), tx.now],
    );
  }

  /** Everything that was ever measured, what differs most first. */
  async list(tx: Tx, limit: number): Promise<MeasuredRule[]> {
    const rows = await measured.ask(tx, { now: tx.now, limit });
    return rows.map(({ ask: _, ...row }) => ({
      ...row,
      source: 'measured',
      firstSeenAt: iso(row.firstSeenAt)!,
      lastSeenAt: iso(row.lastSeenAt)!,
    }));
  }

  async baselines(tx: Tx): Promise<Baselines | undefined> {
    const [row] = await newest.ask(tx, undefined);
    return row?.shadowId ? row : undefined;
  }

  /** Writes of closed fills that both baselines have acknowledged: the newest, in the order of writing. */
  async common(tx: Tx, { baselineId, shadowId }: Baselines, kind: WriteKind): Promise<Obligation[]> {
    const rows = await tx.query<Obligation>(
      `select mine.marker, mine.payload, mine.fill_number as fill, mine.index, theirs.acknowledged_at as "acknowledgedAt"
       from ledger_write as mine join ledger_write as theirs on theirs.marker = mine.marker and theirs.target_id = $2
         join fill on fill.number = mine.fill_number
       where mine.target_id = $1 and mine.kind = $3 and mine.outcome = 'acknowledged' and theirs.outcome = 'acknowledged'
         and closed_at is not null
       order by mine.fill_number desc, mine.index desc limit $4`,
      [baselineId, shadowId, kind, commonMax],
    );
    return rows.map((row) => ({ ...row, acknowledgedAt: iso(row.acknowledgedAt) })).toReversed();
  }
}
