import { SpanKind } from '@opentelemetry/api';
import type { Envelope, NumberedEvent } from './envelope.js';
import { errorText } from './error-text.js';
import type { BoundHandler, HandlerMap } from './handlers.js';
import { failAgain, heldKeys, hold, leave, nextDue, retryDelaysMs, type HeldRow } from './held-events.js';
import { Patience } from './patience.js';
import { parseEvent, ContractViolation } from './parse-event.js';
import { events as catalogue } from '#libs/contracts/src/catalogue.js';
import type { Database } from '#libs/platform/src/database.js';
import { databaseTrouble } from '#libs/platform/src/database-trouble.js';
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

const errorCharsMax = 2_000;
/** A transaction takes no further event after this long: whoever waits for its cursor, a person for one, gets a turn. */
const batchMsMax = 1_000;
/** So often the database may refuse the same events with an error that passes as a rule, before they are suspected. */
const refusalsMax = 3;

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
  private readonly patience = new Patience(refusalsMax);

  constructor(private readonly parts: ApplierParts) {
    this.delaysMs = parts.retryDelaysMs ?? retryDelaysMs;
  }

  /**
   * Applies a dense run of events, or as many of them as fit in a second, and returns the cursor after it: in one transaction,
   * or, when a handler throws, in halves, until the event that fails stands alone and is put aside.
   * Throws when the database cannot be used or the cursor has moved: the same events may be offered again.
   */
  async apply(log: string, events: readonly Envelope[]): Promise<number> {
    const first = `${log} ${events[0]?.n}`;
    try {
      const cursor = await this.applyTogether(log, events);
      this.patience.forget(first);
      return cursor;
    } catch (error) {
      if (this.mayOfferAgain(error, first)) throw error;
      if (events.length === 1) return this.putAside(log, events[0]!, error);
    }
    const middle = events.length >> 1;
    const reached = await this.apply(log, events.slice(0, middle));
    return reached < events[middle - 1]!.n ? reached : this.apply(log, events.slice(middle));
  }

  /** Tries one held event whose time has come; false when none was due. */
  async retryHeld(log: string): Promise<boolean> {
    let row: HeldRow | undefined;
    try {
      await this.parts.database.transaction(async (tx) => {
        await lockCursor(tx, log);
        row = await nextDue(tx, log);
        if (!row) return;
        const applied = await this.invoke(row, tx);
        if (applied) await recordApplied(tx, [row]);
        await leave(tx, row);
      });
    } catch (error) {
      if (!row || this.mayOfferAgain(error, row.id)) throw error;
      const attempts = row.attempts + 1;
      await failAgain(this.parts.database, row, this.holding(attempts, error));
      this.logHeld(row, attempts, error);
    }
    if (row) this.patience.forget(row.id);
    return row !== undefined;
  }

  /** The database is away, or has a passing trouble, or somebody else was faster: nobody's attempt. */
  private mayOfferAgain(error: unknown, what: string): boolean {
    if (error instanceof CursorMoved) return true;
    const trouble = databaseTrouble(error);
    return trouble === 'away' || (trouble === 'contended' && this.patience.isLeftFor(what));
  }

  private async applyTogether(log: string, events: readonly Envelope[]): Promise<number> {
    const cursor = await this.parts.database.transaction(async (tx) => {
      const { n: before, logId } = await lockCursor(tx, log);
      const fresh = events.filter((event) => event.n > before);
      if (fresh.length === 0) return before;
      if (fresh[0]!.n !== before + 1)
        throw new CursorMoved(`the cursor of ${log} is at ${before}, not before ${fresh[0]!.n}`);
      const ours = logId ?? fresh[0]!.logId;
      if (fresh.some((event) => event.logId !== ours)) throw new CursorMoved(`the cursor of ${log} is of another log`);
      const { applied, last } = await this.invokeAll(log, fresh, tx);
      await recordApplied(tx, applied, last);
      await passing('inbox:applied');
      return last.n;
    });
    await passing('inbox:committed');
    return cursor;
  }

  /** The events that took effect, and the last one that was dealt with. */
  private async invokeAll(log: string, events: readonly Envelope[], tx: Tx) {
    const keys = await heldKeys(tx, log);
    const applied: Envelope[] = [];
    const end = performance.now() + batchMsMax;
    let last = events[0]!;
    for (const event of events) {
      if (event !== last && performance.now() > end) break;
      last = event;
      if (this.isForOthers(event)) continue;
      if (keys.has(event.key)) await hold(tx, event, { state: 'waiting', attempts: 0, delayMs: null, error: null });
      else if (await this.invoke(event, tx)) applied.push(event);
    }
    return { applied, last };
  }

  /** In the catalogue, and not sent here. A name that the catalogue has not is no such event: we are older than its sender. */
  private isForOthers({ name }: NumberedEvent): boolean {
    return !this.parts.handlers.has(name) && catalogue.some((route) => route.contract.name === name);
  }

  private async putAside(log: string, event: Envelope, error: unknown): Promise<number> {
    return this.parts.database.transaction(async (tx) => {
      const { n: before } = await lockCursor(tx, log);
      if (event.n <= before) return before;
      await hold(tx, event, this.holding(1, error));
      await recordApplied(tx, [], event);
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

  private logHeld(event: NumberedEvent, attempts: number, error: unknown): void {
    this.parts.logger.error(
      { err: error, event: event.name, eventId: event.id, log: event.producer, n: event.n, attempts },
      'event held back',
    );
  }

  /** One event in its own span, in the trace of its writer. False: it is for others after all. */
  private async invoke(event: NumberedEvent, tx: Tx): Promise<boolean> {
    if (this.isForOthers(event)) return false;
    const bound = this.parts.handlers.get(event.name);
    if (!bound)
      throw new Error(`${event.name} is not in this service's catalogue: the service is older than the event's sender`);
    await this.invokeTraced(event, bound, tx);
    return true;
  }

  private async invokeTraced(event: NumberedEvent, bound: BoundHandler, tx: Tx): Promise<void> {
    const message = parseEvent(event, bound.contract);
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

/** The proof behind the ledger (every time a handler ran and committed, one row) and the cursor, in one statement. */
async function recordApplied(tx: Tx, events: readonly NumberedEvent[], last?: Envelope): Promise<void> {
  await tx.query(
    `with moved as (update cursor set n = $7, log_id = $8 where log = $6)
     insert into applied (log, n, event_id, name, key)
     select * from unnest($1::text[], $2::bigint[], $3::uuid[], $4::text[], $5::text[])`,
    [
      events.map((event) => event.producer),
      events.map((event) => event.n),
      events.map((event) => event.id),
      events.map((event) => event.name),
      events.map((event) => event.key),
      last?.producer ?? null,
      last?.n ?? null,
      last?.logId ?? null,
    ],
  );
}
