import { prepared } from '#libs/platform/src/prepared.js';
import { SharedStatement } from '#libs/platform/src/shared-statement.js';
import type { Tx } from '#libs/platform/src/transaction.js';
import type { Runs } from '#libs/replication/src/numbered-log.js';

/**
 * Work is a row that becomes due. `kind` names the worker, `subject` the domain row it is about; one row per pair.
 * Claimed with a lease (others keep off) and a fence (a claim that outlived its lease cannot record anything).
 */
export interface WorkRow {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly fence: number;
  /** Claims since the last record that failed, or never came back. */
  readonly attempts: number;
  /** How often it was scheduled; more than at the claim means that something changed meanwhile. */
  readonly asked: number;
  readonly traceparent: string | null;
}

const columns = 'id, kind, subject, fence::float8 as fence, attempts, asked, traceparent';

const claimSql = prepared(
  `update work set lease_until = clock_timestamp() + $2 * interval '1 millisecond', fence = fence + 1,
          attempts = attempts + (lease_until is not null)::int
   where id = any(array(select id from work
                        where kind = $1 and due_at <= clock_timestamp() and (lease_until is null or lease_until < clock_timestamp())
                        order by due_at limit $3 for update skip locked))
   returning ${columns}`,
);

/**
 * Claims up to `rowsMax` due rows, oldest first. A lease that ran out counts as due, and as an attempt: its holder died or hangs,
 * perhaps of this very work.
 */
export const claim = (connection: Runs, kind: string, leaseMs: number, rowsMax: number): Promise<WorkRow[]> =>
  connection.query<WorkRow>(claimSql, [kind, leaseMs, rowsMax]);

/** False when the claim has been lost. */
export async function renew(connection: Runs, row: WorkRow, leaseMs: number): Promise<boolean> {
  const rows = await connection.query(
    `update work set lease_until = clock_timestamp() + $3 * interval '1 millisecond' where id = $1 and fence = $2 returning 1`,
    [row.id, row.fence, leaseMs],
  );
  return rows.length === 1;
}

/** Somebody else holds this work now: what we saw must not be recorded. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
}

/**
 * Throws Fenced when the claim is no longer ours. Called last in a transaction: rows of the domain are locked first everywhere,
 * work rows after them, so that nobody waits in a circle; a claim that was lost meanwhile undoes the whole transaction.
 */
export async function mustHold(tx: Tx, row: WorkRow): Promise<void> {
  if ((await holding.ask(tx, row)).length === 0)
    throw new Fenced(`${row.kind} ${row.subject} belongs to another worker`);
}

/** The same check, and the row is gone; unless it was scheduled again since the claim: then it is due again at once. */
export async function finish(tx: Tx, row: WorkRow): Promise<void> {
  const gone = await finishing.ask(tx, row);
  if (gone.length === 0) await putBack(tx, row, 0, { note: null, attempts: 0 });
}

const claimed = 'unnest($1::uuid[], $2::bigint[], $3::int[]) with ordinality as claimed (id, fence, asked, ask)';
const columnsOf = (rows: readonly WorkRow[]) =>
  (['id', 'fence', 'asked'] as const).map((name) => rows.map((row) => row[name]));
const holding = new SharedStatement<WorkRow>(
  `select ask::int from ${claimed} join work on work.id = claimed.id and work.fence = claimed.fence
   order by work.id for update of work`,
  columnsOf,
);
const finishing = new SharedStatement<WorkRow>(
  `delete from work using ${claimed}
   where work.id = claimed.id and work.fence = claimed.fence and work.asked = claimed.asked returning ask::int`,
  columnsOf,
);

export interface PutBack {
  /** Says to people what it waits for. */
  readonly note: string | null;
  /** Attempts that have failed since the last record, with this one. */
  readonly attempts: number;
  readonly newTrace?: boolean | undefined;
}

/**
 * The same check, and the row is due again in `delayMs`, or at once when it was scheduled again since the claim. The claim ends with
 * it: put back twice, as after a commit whose answer was lost, it is put back once.
 */
export async function putBack(connection: Runs, row: WorkRow, delayMs: number, again: PutBack): Promise<void> {
  const rows = await connection.query(
    `update work set lease_until = null, fence = fence + 1, note = $4, attempts = $5, asked = 1,
            traceparent = case when $7 then null else traceparent end,
            due_at = clock_timestamp() + case when asked = $6 then $3 * interval '1 millisecond' else interval '0' end
     where id = $1 and fence = $2 returning 1`,
    [row.id, row.fence, delayMs, again.note, again.attempts, row.asked, again.newTrace ?? false],
  );
  if (rows.length === 0) throw new Fenced(`${row.kind} ${row.subject} belongs to another worker`);
}

/** Milliseconds until the next row of a kind can be claimed; undefined when there is none. */
export async function msUntilDue(connection: Runs, kind: string): Promise<number | undefined> {
  const [row] = await connection.query<{ ms: number | null }>(
    `select greatest(0, extract(epoch from min(greatest(due_at, coalesce(lease_until, due_at))) - clock_timestamp()) * 1000)::float8 as ms
     from work where kind = $1`,
    [kind],
  );
  return row?.ms ?? undefined;
}
