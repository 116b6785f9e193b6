import type { NumberedEvent } from './envelope.js';
import type { HeldEvent } from '#libs/contracts/src/operations.js';
import { traceIdOf } from '#libs/platform/src/telemetry/spans.js';
import type { Tx } from '#libs/platform/src/transaction.js';
import { lockCursor } from '#libs/replication/src/cursor.js';
import type { Runs } from '#libs/replication/src/numbered-log.js';

/**
 * Events that could not be applied. Life of one:
 *
 *   retrying   its handler threw; tried again at `next_at`, with increasing delays
 *   waiting    an earlier event of its key is in this table; it keeps its place
 *   dead       the last retry failed too, or it breaks its contract; a person replays or discards it
 *   discarded  given up by a person; kept for the audit
 *
 * A row leaves the table when its event is applied. The first of a key is always retrying or dead, the others wait; when the
 * first leaves or is discarded, the next one is released. Whoever lets a row in or out holds the cursor of its log: nothing
 * is put behind an event that is just leaving.
 */
export type HeldState = HeldEvent['state'];

export interface HeldRow extends NumberedEvent {
  readonly state: HeldState;
  readonly attempts: number;
  readonly nextAt: string | null;
  readonly error: string | null;
  readonly heldAt: string;
}

export const retryDelaysMs: readonly number[] = [1_000, 5_000, 30_000, 120_000, 600_000];

const columns = `event_id as id, log as producer, n::float8 as n, name, key, body, traceparent,
  to_char(appended_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "appendedAt",
  state, attempts, next_at::timestamptz as "nextAt", error, held_at as "heldAt"`;

/** Keys of this log that have an event held back. Nearly always none. */
export async function heldKeys(connection: Runs, log: string): Promise<Set<string>> {
  const rows = await connection.query<{ key: string }>(
    `select distinct key from held where log = $1 and state <> 'discarded'`,
    [log],
  );
  return new Set(rows.map((row) => row.key));
}

export interface Holding {
  readonly state: 'retrying' | 'waiting' | 'dead';
  readonly attempts: number;
  readonly delayMs: number | null;
  readonly error: string | null;
}

/** Puts an event aside. */
export async function hold(connection: Runs, event: NumberedEvent, holding: Holding): Promise<void> {
  await connection.query(
    `insert into held (event_id, log, n, name, key, body, traceparent, appended_at, state, attempts, next_at, error)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, clock_timestamp() + $11 * interval '1 millisecond', $12)`,
    [
      event.id, event.producer, event.n, event.name, event.key, event.body, event.traceparent, event.appendedAt,
      holding.state, holding.attempts, holding.delayMs, holding.error,
    ], // prettier-ignore
  );
}

/** An attempt at `row` has failed. Nothing happens when the row is not as it was then: applied, discarded or tried elsewhere. */
export async function failAgain(connection: Runs, row: HeldRow, holding: Holding): Promise<void> {
  await connection.query(
    `update held set state = $3, attempts = $4, next_at = clock_timestamp() + $5 * interval '1 millisecond', error = $6
     where event_id = $1 and state = 'retrying' and attempts = $2`,
    [row.id, row.attempts, holding.state, holding.attempts, holding.delayMs, holding.error],
  );
}

/** A person wants it tried at once, as if for the first time. */
export async function tryAgain(connection: Runs, eventId: string): Promise<void> {
  await connection.query(
    `update held set state = 'retrying', attempts = 0, next_at = clock_timestamp() where event_id = $1`,
    [eventId],
  );
}

/** The next event of this log whose retry is due. */
export async function nextDue(connection: Runs, log: string): Promise<HeldRow | undefined> {
  const [row] = await connection.query<HeldRow>(
    `select ${columns} from held where log = $1 and state = 'retrying' and next_at <= clock_timestamp()
     order by next_at, n limit 1`,
    [log],
  );
  return row;
}

/** Milliseconds until the next retry of this log; undefined when there is none. */
export async function msUntilRetry(connection: Runs, log: string): Promise<number | undefined> {
  const [row] = await connection.query<{ ms: number | null }>(
    `select greatest(0, extract(epoch from min(next_at) - clock_timestamp()) * 1000)::float8 as ms
     from held where log = $1 and state = 'retrying'`,
    [log],
  );
  return row?.ms ?? undefined;
}

/** Takes an applied event out and lets the next one of its key go on. */
export async function leave(connection: Runs, event: Pick<NumberedEvent, 'id' | 'producer' | 'key'>): Promise<void> {
  await connection.query('delete from held where event_id = $1', [event.id]);
  await releaseNext(connection, event.producer, event.key);
}

export async function releaseNext(connection: Runs, log: string, key: string): Promise<void> {
  await connection.query(
    `update held set state = 'retrying', next_at = clock_timestamp()
     where event_id = (select event_id from held where log = $1 and key = $2 and state <> 'discarded' order by n limit 1)
       and state = 'waiting'`,
    [log, key],
  );
}

export async function findHeld(connection: Runs, eventId: string): Promise<HeldRow | undefined> {
  const [row] = await connection.query<HeldRow>(`select ${columns} from held where event_id = $1`, [eventId]);
  return row;
}

/** The same, with the cursor of its log: for who is about to change how it is held. */
export async function lockHeld(tx: Tx, eventId: string): Promise<HeldRow | undefined> {
  const row = await findHeld(tx, eventId);
  if (!row) return undefined;
  await lockCursor(tx, row.producer);
  return findHeld(tx, eventId);
}

export interface HeldFilter {
  readonly states: readonly HeldState[];
  /** Of the event; undefined: any. */
  readonly name?: string | undefined;
}

/** In the order in which they were put aside, after the position `after`. */
export const listHeld = (connection: Runs, { states, name }: HeldFilter, after: number, limit: number) =>
  connection.query<HeldRow & { position: number }>(
    `select ${columns}, position::float8 as position from held
     where state = any($1) and ($2::text is null or name = $2) and position > $3 order by position limit $4`,
    [states, name ?? null, after, limit],
  );

export async function countHeld(connection: Runs, { states, name }: HeldFilter): Promise<number> {
  const [row] = await connection.query<{ count: number }>(
    'select count(*)::float8 as count from held where state = any($1) and ($2::text is null or name = $2)',
    [states, name ?? null],
  );
  return row?.count ?? 0;
}

export const toHeldEvent = (row: HeldRow, service: string): HeldEvent => ({
  eventId: row.id,
  service,
  log: row.producer,
  n: row.n,
  name: row.name,
  key: row.key,
  state: row.state,
  attempts: row.attempts,
  nextAt: row.nextAt === null ? null : new Date(row.nextAt).toISOString(),
  error: row.error,
  traceId: traceIdOf(row.traceparent),
  heldAt: new Date(row.heldAt).toISOString(),
});
