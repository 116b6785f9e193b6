import { Injectable } from '@nestjs/common';
import type { PlannedWrite } from '../domain/fill-script.js';
import type { PartOutcome } from '../domain/part-outcome.js';
import type { FillPartView } from '#libs/contracts/src/filler.js';
import type { FillDriver, TargetRole } from '#libs/contracts/src/shapes.js';
import type { FillTarget } from '#libs/contracts/src/submission.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface Part {
  readonly fillId: string;
  readonly number: number;
  readonly targetId: string;
  readonly role: TargetRole;
  readonly name: string;
  readonly url: string;
  /** The one that was chosen for it; each write tells who sent it. */
  readonly driver: FillDriver;
  readonly state: 'due' | 'filling' | PartOutcome;
  /** Targets whose parts must have ended before this one begins: see domain/places.ts. */
  readonly waitsFor: readonly string[];
  /** Looks for the markers of its unresolved writes that the app answered, and that our side could not make. */
  readonly looks: number;
  readonly lookFailures: number;
}

export interface FillHead {
  readonly fillId: string;
  readonly number: number;
  readonly requestedAt: string;
}

const columns = `part.fill_id as "fillId", fill.number, target_id as "targetId", role, name, url, driver, state, waits_for as "waitsFor",
                 looks, look_failures as "lookFailures"`;

/** Fills and their parts. Rows are locked in one order everywhere: fill, part, write, work. */
@Injectable()
export class FillRepository {
  /** The whole fill, planned to its last write, in three statements. The second baseline has writes of its own before all others. */
  async plan(
    tx: Tx,
    head: FillHead & { endsAt: Date },
    targets: readonly (FillTarget & { driver: FillDriver })[],
    writes: { readonly all: readonly PlannedWrite[]; readonly shadow: readonly PlannedWrite[] },
  ): Promise<void> {
    await tx.query('insert into fill (fill_id, number, requested_at, ends_at) values ($1, $2, $3, $4)', [
      head.fillId,
      head.number,
      head.requestedAt,
      head.endsAt,
    ]);
    await tx.query(
      `insert into part (fill_id, target_id, role, name, url, driver, ordinal, state)
       select $1, target.*, 'due'
       from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[]) with ordinality as target`,
      [
        head.fillId,
        ...(['targetId', 'role', 'name', 'url', 'driver'] as const).map((name) =>
          targets.map((target) => target[name]),
        ),
      ],
    );
    const planned = [...writes.shadow, ...writes.all];
    await tx.query(
      `insert into write_log (fill_id, number, target_id, driver, index, marker, payload, is_canary)
       select $1, $2, part.target_id, part.driver, case when role = 'shadow' and is_for_all then planned.index + $8 else planned.index end,
         planned.marker, planned.payload, planned.is_canary
       from part, unnest($3::int[], $4::text[], $5::jsonb[], $6::bool[], $7::bool[]) as planned (index, marker, payload, is_canary, is_for_all)
       where part.fill_id = $1 and (role = 'baseline' or not is_canary) and (is_for_all or role = 'shadow')
       order by part.target_id, is_for_all, planned.index`,
      [
        ...[head.fillId, head.number, planned.map(({ index }) => index), planned.map(({ marker }) => marker)],
        planned.map(({ payload }) => JSON.stringify(payload)),
        planned.map(({ isCanary }) => isCanary === true),
        planned.map((one) => writes.all.includes(one)),
        writes.shadow.length,
      ],
    );
  }

  /** Locks the fill, so that of two parts that end at once exactly one is the last. When it is to have ended; undefined: no such fill. */
  async lock(tx: Tx, fillId: string): Promise<{ readonly endsAt: Date } | undefined> {
    const [fill] = await tx.query<{ endsAt: string }>(
      'select ends_at as "endsAt" from fill where fill_id = $1 for update',
      [fillId],
    );
    return fill && { endsAt: new Date(fill.endsAt) };
  }

  /** Locks the part. */
  async findPart(tx: Tx, fillId: string, targetId: string): Promise<Part | undefined> {
    const [part] = await tx.query<Part>(
      `select ${columns} from part join fill using (fill_id) where fill_id = $1 and target_id = $2 for update of part`,
      [fillId, targetId],
    );
    return part;
  }

  /** Locks the parts that have not ended. */
  openParts(tx: Tx, fillId: string): Promise<Part[]> {
    return tx.query<Part>(
      `select ${columns} from part join fill using (fill_id)
       where fill_id = $1 and state in ('due', 'filling') order by target_id for update of part`,
      [fillId],
    );
  }

  async begin(tx: Tx, part: Part): Promise<void> {
    await tx.query(`update part set state = 'filling' where fill_id = $1 and target_id = $2`, [
      part.fillId,
      part.targetId,
    ]);
  }

  async countLook(tx: Tx, part: Part, wasAnswered: boolean): Promise<void> {
    await tx.query(
      `update part set looks = looks + $3::int, look_failures = look_failures + 1 - $3::int where fill_id = $1 and target_id = $2`,
      [part.fillId, part.targetId, wasAnswered ? 1 : 0],
    );
  }

  async end(
    tx: Tx,
    part: Part,
    ended: { outcome: PartOutcome; note: string | null; driver: FillDriver },
  ): Promise<void> {
    await tx.query(
      `update part set state = $3, note = $4, driver = $5, ended_at = $6 where fill_id = $1 and target_id = $2`,
      [part.fillId, part.targetId, ended.outcome, ended.note, ended.driver, tx.now],
    );
  }

  async hasOpenParts(tx: Tx, fillId: string): Promise<boolean> {
    const rows = await tx.query(
      `select 1 from part where fill_id = $1 and state in ('due', 'filling') limit 1`,
      [fillId], // prettier-ignore
    );
    return rows.length > 0;
  }

  /** Marks the fill closed and counts how its parts ended; undefined when it was closed before. */
  async close(
    tx: Tx,
    fillId: string,
  ): Promise<{ number: number; filled: number; partly: number; givenUp: number } | undefined> {
    const [closed] = await tx.query<{ number: number }>(
      'update fill set closed_at = $2 where fill_id = $1 and closed_at is null returning number',
      [fillId, tx.now],
    );
    if (!closed) return undefined;
    const [counts] = await tx.query<{ filled: number; partly: number; givenUp: number }>(
      `select count(*) filter (where state = 'filled')::int as filled, count(*) filter (where state = 'partly')::int as partly,
              count(*) filter (where state = 'given-up')::int as "givenUp" from part where fill_id = $1`,
      [fillId],
    );
    return { number: closed.number, ...counts! };
  }

  async rename(tx: Tx, targetId: string, name: string): Promise<void> {
    await tx.query('update part set name = $2 where target_id = $1 and name <> $2', [targetId, name]);
  }

  /** The fill with this id, or the newest. */
  async view(tx: Tx, fillId: string | undefined) {
    const [fill] = await tx.query<FillHead & { closedAt: string | null }>(
      `select fill_id as "fillId", number, requested_at as "requestedAt", closed_at as "closedAt" from fill
       where $1::uuid is null or fill_id = $1 order by number desc limit 1`,
      [fillId ?? null],
    );
    if (!fill) return null;
    const parts = await tx.query<FillPartView>(
      `select part.target_id as "targetId", name as "targetName", role, part.state, part.driver, note,
              count(*) filter (where write_log.state = 'acknowledged')::int as acknowledged,
              count(*) filter (where write_log.state = 'refused')::int as refused,
              count(*) filter (where write_log.state = 'unknown')::int as unknown
       from part left join write_log using (fill_id, target_id) where fill_id = $1 and is_canary is not true
       group by part.fill_id, part.target_id order by role desc, name limit 500`,
      [fill.fillId],
    );
    const iso = (time: string) => new Date(time).toISOString();
    return { ...fill, requestedAt: iso(fill.requestedAt), closedAt: fill.closedAt ? iso(fill.closedAt) : null, parts };
  }

  /** Retention of the send log. */
  async forgetBefore(tx: Tx, days: number): Promise<void> {
    await tx.query(
      `delete from fill where fill_id in (select fill_id from fill where closed_at < $1::timestamptz - make_interval(days => $2) limit 50)`,
      [tx.now, days],
    );
  }
}
