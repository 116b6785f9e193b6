import { Controller, Inject } from '@nestjs/common';
import { Answers } from './decorators.js';
import {
  countHeld,
  findHeld,
  listHeld,
  lockHeld,
  releaseNext,
  toHeldEvent,
  tryAgain,
  type HeldRow,
} from './held-events.js';
import { eventsOfRange, readApplied, readCommitted } from './ledger.js';
import { withinBytes } from './page.js';
import { progressOf } from './progress.js';
import { SERVICE } from './service-tokens.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import * as operations from '#libs/contracts/src/operations.js';
import { Problem } from '#libs/contracts/src/problem.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** What every service answers about its own bus. */
@Controller()
export class OperationsController {
  constructor(@Inject(SERVICE) private readonly service: ServiceName) {}

  @Answers(operations.ListHeld)
  async list({ after, limit, ...filter }: DataOf<typeof operations.ListHeld>, tx: Tx) {
    const rows = await listHeld(tx, filter, after, limit);
    const page = withinBytes(rows.map((row) => toHeldEvent(row, this.service)));
    const isWhole = page.length === rows.length && rows.length < limit;
    const next = isWhole ? null : rows[page.length - 1]!.position;
    return { events: page, total: await countHeld(tx, filter), next };
  }

  @Answers(operations.ShowHeld)
  async show({ eventId }: DataOf<typeof operations.ShowHeld>, tx: Tx) {
    const row = this.found(await findHeld(tx, eventId), eventId);
    const audit = await tx.query<{ at: Date; by: string; action: string; note: string | null }>(
      'select at, actor as by, action, note from held_audit where event_id = $1 order by at desc limit 100',
      [eventId],
    );
    const lines = audit.map((line) => ({ ...line, at: new Date(line.at).toISOString() })).toReversed();
    return { event: toHeldEvent(row, this.service), body: readable(row.body), audit: lines };
  }

  @Answers(operations.ReplayHeld)
  async replay({ eventId, by }: DataOf<typeof operations.ReplayHeld>, tx: Tx) {
    const row = this.found(await lockHeld(tx, eventId), eventId);
    mustBe(row, ['dead', 'retrying'], 'replayed');
    await tryAgain(tx, eventId);
    await audit(tx, { eventId, by, action: 'replay', note: null });
    return { event: toHeldEvent({ ...row, state: 'retrying', attempts: 0 }, this.service) };
  }

  @Answers(operations.DiscardHeld)
  async discard({ eventId, by, reason }: DataOf<typeof operations.DiscardHeld>, tx: Tx) {
    const row = this.found(await lockHeld(tx, eventId), eventId);
    mustBe(row, ['dead'], 'discarded');
    await tx.query(`update held set state = 'discarded', next_at = null where event_id = $1`, [eventId]);
    await releaseNext(tx, row.producer, row.key);
    await audit(tx, { eventId, by, action: 'discard', note: reason });
    return { event: toHeldEvent({ ...row, state: 'discarded' }, this.service) };
  }

  @Answers(operations.LedgerCommitted)
  committed({ wanted, span }: DataOf<typeof operations.LedgerCommitted>, tx: Tx) {
    return readCommitted(tx, wanted, span);
  }

  @Answers(operations.LedgerApplied)
  applied({ log, span }: DataOf<typeof operations.LedgerApplied>, tx: Tx) {
    return readApplied(tx, log, span);
  }

  @Answers(operations.LedgerEvents)
  async events({ log, wanted, span }: DataOf<typeof operations.LedgerEvents>, tx: Tx) {
    return { events: await eventsOfRange(tx, { log, own: log === this.service, wanted, span }) };
  }

  @Answers(operations.GetProgress)
  async progress(_data: DataOf<typeof operations.GetProgress>, tx: Tx) {
    return progressOf(tx);
  }

  private found(row: HeldRow | undefined, eventId: string): HeldRow {
    if (!row)
      throw new Problem(
        'not-found',
        `${this.service} holds no event ${eventId}.`,
        'List the dead letters again; it may have been applied.',
      );
    return row;
  }
}

function mustBe(row: HeldRow, states: readonly HeldRow['state'][], done: string): void {
  if (states.includes(row.state)) return;
  throw new Problem(
    'conflict',
    `This event is ${row.state} and cannot be ${done}.`,
    `Only ${states.join(' or ')} events can be ${done}.`,
  );
}

const audit = (
  tx: Tx,
  { eventId, by, action, note }: { eventId: string; by: string; action: string; note: string | null },
) =>
  tx.query('insert into held_audit (event_id, actor, action, note) values ($1, $2, $3, $4)', [
    eventId,
    by,
    action,
    note,
  ]);

const bodyCharsMax = 100_000;

/** A body is for people here: what is too large for an answer is cut, what is not JSON is shown as it is. */
function readable(body: string): unknown {
  if (body.length > bodyCharsMax) return `${body.slice(0, bodyCharsMax)}…`;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
