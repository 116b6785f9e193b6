import { SpanKind } from '@opentelemetry/api';
import type { Envelope } from './envelope.js';
import { errorText } from './error-text.js';
import type { BoundHandler, HandlerMap } from './handlers.js';
import { failAgain, heldKeys, hold, leave, nextDue, retryDelaysMs, type HeldRow } from './held-events.js';
import { isOurFault } from './transient.js';
import type { Database } from '#libs/platform/src/database.js';
import { passing } from '#libs/platform/src/failpoint.js';
import type { Logger } from '#libs/platform/src/logger.js';
import { attribute, spanName } from '#libs/platform/src/telemetry/names.js';
import { contextOf, inSpan } from '#libs/platform/src/telemetry/spans.js';
import type { Tx } from '#libs/platform/src/transaction.js';
import { lockCursor } from '#libs/replication/src/cursor.js';

/** The cursor is not where the reader believed: nothing was done, and the reader has to look again. */
class CursorMoved extends Error {
  override readonly name = 'CursorMoved';
}

/** The event itself is wrong: another attempt cannot help. */
class ContractViolation extends Error {
  override readonly name = 'ContractViolation';

  constructor(event: Envelope, problem: string) {
    super(`${event.name} breaks its contract: ${problem}`);
  }
}

const errorCharsMax = 2_000;

export interface ApplierParts {
  readonly service: string;
  readonly database: Database;
  readonly handlers: HandlerMap;
  readonly logger: Logger;
  readonly retryDelaysMs?: readonly number[] | undefined;
}

/**
 * Applies events of one log to one service: effects, outgoing events, the record of what was applied, and the cursor commit together.
 *
 * Guaranteed: an event takes effect exactly once, in the order of its key, however often it is offered.
 * A handler that throws holds back its own key only: its event is put aside, and the log goes on.
 */
export class Applier {
  private readonly delaysMs: readonly number[];

  constructor(private readonly parts: ApplierParts) {
    this.delaysMs = parts.retryDelaysMs ?? retryDelaysMs;
  }

  /**
   * Applies a dense run of events and returns the cursor after it: in one transaction, or, when a handler throws, in halves,
   * until the event that fails stands alone and is put aside.
   * Throws when the database cannot be used or the cursor has moved: the same events may be offered again.
   */
  async apply(log: string, events: readonly Envelope[]): Promise<number> {
    try {
      return await this.applyTogether(log, events);
    } catch (error) {
      if (mayOfferAgain(error)) throw error;
      if (events.length === 1) return this.putAside(log, events[0]!, error);
    }
    const middle = events.length >> 1;
    await this.apply(log, events.slice(0, middle));
    return this.apply(log, events.slice(middle));
  }

  /** Tries one held event whose time has come; false when none was due. */
  async retryHeld(log: string): Promise<boolean> {
    let row: HeldRow | undefined;
    try {
      await this.parts.database.transaction(async (tx) => {
        await lockCursor(tx, log);
        row = await nextDue(tx, log);
        if (!row) return;
        await this.invoke(row, tx);
        await recordApplied(tx, [row]);
        await leave(tx, row);
      });
    } catch (error) {
      if (!row || isOurFault(error)) throw error;
      const attempts = row.attempts + 1;
      await failAgain(this.parts.database, row, this.holding(attempts, error));
      this.logHeld(row, attempts, error);
    }
    return row !== undefined;
  }

  private async applyTogether(log: string, events: readonly Envelope[]): Promise<number> {
    const cursor = await this.parts.database.transaction(async (tx) => {
      const before = await lockCursor(tx, log);
      const fresh = events.filter((event) => event.n > before);
      if (fresh.length === 0) return before;
      if (fresh[0]!.n !== before + 1)
        throw new CursorMoved(`the cursor of ${log} is at ${before}, not before ${fresh[0]!.n}`);
      const applied = await this.invokeAll(log, fresh, tx);
      const after = fresh.at(-1)!.n;
      await recordApplied(tx, applied, { log, n: after });
      await passing('inbox:applied');
      return after;
    });
    await passing('inbox:committed');
    return cursor;
  }

  private async invokeAll(log: string, events: readonly Envelope[], tx: Tx): Promise<Envelope[]> {
    const keys = await heldKeys(tx, log);
    const applied: Envelope[] = [];
    for (const event of events) {
      if (!this.parts.handlers.has(event.name)) continue;
      if (keys.has(event.key)) await hold(tx, event, { state: 'waiting', attempts: 0, delayMs: null, error: null });
      else {
        await this.invoke(event, tx);
        applied.push(event);
      }
    }
    return applied;
  }

  private async putAside(log: string, event: Envelope, error: unknown): Promise<number> {
    return this.parts.database.transaction(async (tx) => {
      const before = await lockCursor(tx, log);
      if (event.n <= before) return before;
      await hold(tx, event, this.holding(1, error));
      await recordApplied(tx, [], { log, n: event.n });
      this.logHeld(event, 1, error);
      return event.n;
    });
  }

  private holding(attempts: number, error: unknown) {
    const delayMs = error instanceof ContractViolation ? undefined : this.delaysMs[attempts - 1];
    const dead = delayMs === undefined;
    return {
      state: dead ? 'dead' : 'retrying',
      attempts,
      delayMs: delayMs ?? null,
      error: errorText(error, errorCharsMax),
    } as const;
  }

  private logHeld(event: Envelope, attempts: number, error: unknown): void {
    this.parts.logger.error(
      { err: error, event: event.name, eventId: event.id, log: event.producer, n: event.n, attempts },
      'event held back',
    );
  }

  /** One event in its own span, in the trace of its writer. */
  private async invoke(event: Envelope, tx: Tx): Promise<void> {
    const bound = this.parts.handlers.get(event.name)!;
    const message = parse(event, bound);
    if (!event.traceparent) return bound.handle(message, tx);
    const attributes = {
      [attribute.messagingSystem]: 'nats',
      [attribute.destination]: event.name,
      [attribute.operation]: 'process',
      [attribute.operationType]: 'process',
      [attribute.messageId]: event.id,
      [attribute.consumerGroup]: this.parts.service,
      [attribute.logNumber]: event.n,
    };
    const options = { kind: SpanKind.CONSUMER, attributes };
    return inSpan(spanName.process(event.name), options, () => bound.handle(message, tx), contextOf(event.traceparent));
  }
}

const mayOfferAgain = (error: unknown): boolean => error instanceof CursorMoved || isOurFault(error);

function parse(event: Envelope, { contract }: BoundHandler) {
  const result = contract.schema.safeParse(bodyOf(event));
  if (!result.success)
    throw new ContractViolation(
      event,
      result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; '),
    );
  const { id, name, producer, n, key, traceparent } = event;
  return {
    id,
    name,
    producer,
    n,
    key,
    data: result.data,
    occurredAt: new Date(event.appendedAt),
    traceparent: traceparent ?? undefined,
  };
}

function bodyOf(event: Envelope): unknown {
  try {
    return JSON.parse(event.body);
  } catch {
    throw new ContractViolation(event, 'its body is not JSON');
  }
}

/** The proof behind the ledger (every time a handler ran and committed, one row) and the cursor, in one statement. */
async function recordApplied(tx: Tx, events: readonly Envelope[], cursor?: { log: string; n: number }): Promise<void> {
  await tx.query(
    `with moved as (update cursor set n = $7 where log = $6)
     insert into applied (log, n, event_id, name, key)
     select * from unnest($1::text[], $2::bigint[], $3::uuid[], $4::text[], $5::text[])`,
    [
      events.map((event) => event.producer),
      events.map((event) => event.n),
      events.map((event) => event.id),
      events.map((event) => event.name),
      events.map((event) => event.key),
      cursor?.log ?? null,
      cursor?.n ?? null,
    ],
  );
}
