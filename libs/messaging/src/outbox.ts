import { uuidv7 } from './uuid.js';
import { events, type ServiceName } from '#libs/contracts/src/catalogue.js';
import type { AnyEvent, EventContract, InputOf } from '#libs/contracts/src/contract.js';
import { passing } from '#libs/platform/src/failpoint.js';
import { currentTraceparent } from '#libs/platform/src/telemetry/spans.js';
import type { Tx } from '#libs/platform/src/transaction.js';
import { append, type LogEntry } from '#libs/replication/src/numbered-log.js';

/**
 * Sends events by writing them into the service's own log, in the sender's transaction: they exist if and only if it commits.
 * What is not in the catalogue under this service's name, or does not fit its schema, is refused at once.
 */
export class Outbox {
  private readonly pending = new WeakMap<Tx, LogEntry[] | 'written'>();

  constructor(
    private readonly service: ServiceName,
    /** Told after each commit that there is something to number. */
    private readonly wake: () => void,
  ) {}

  send<C extends EventContract>(tx: Tx, contract: C, data: InputOf<C>): void {
    this.mustBeOurs(contract);
    const parsed = contract.schema.parse(data);
    const entry: LogEntry = {
      id: uuidv7(),
      name: contract.name,
      key: contract.key(parsed),
      body: JSON.stringify(parsed),
      traceparent: currentTraceparent(),
    };
    this.buffer(tx).push(entry);
  }

  private buffer(tx: Tx): LogEntry[] {
    const open = this.pending.get(tx);
    if (open === 'written') throw new Error('this transaction has written its events already: send them earlier');
    if (open) return open;
    const entries: LogEntry[] = [];
    this.pending.set(tx, entries);
    tx.beforeCommit('outbox', async () => {
      this.pending.set(tx, 'written');
      await append(tx, entries);
    });
    tx.afterCommit('outbox', () => {
      this.wake();
      void passing('log:committed');
    });
    return entries;
  }

  private mustBeOurs(contract: AnyEvent): void {
    const route = events.find((known) => known.contract.name === contract.name);
    if (route?.from !== this.service)
      throw new Error(`${this.service} must not send ${contract.name}: see catalogue.ts`);
  }
}
